package lossmith.proofs.law;

import io.vavr.collection.Seq;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The orders in which some things may be put: any, but that those among which there is a tie keep
 * theirs, because it is what decides between them.
 */
public final class Rearrangement {
  private final boolean[][] before;

  /**
   * The orders of some things.
   *
   * @param size how many things there are
   */
  public Rearrangement(int size) {
    this.before = new boolean[size][size];
  }

  /** These orders, less those that take equal members out of their order. */
  public Rearrangement keeping(Seq<int[]> ties, IntUnaryOperator of) {
    for (int[] members : ties) {
      for (int k = 1; k < members.length; k++) {
        int earlier = of.applyAsInt(members[k - 1]);
        int later = of.applyAsInt(members[k]);
        if (earlier < later) {
          before[earlier][later] = true;
        }
      }
    }
    return this;
  }

  /** Whether there is no order but their own of those things that matter. */
  public boolean fixed(int... matter) {
    return IntStream.range(1, matter.length).allMatch(k -> before[matter[k - 1]][matter[k]]);
  }

  /** One of the orders: the thing that comes first, the one that comes next, … */
  public int[] draw(Random random) {
    int[] order = new int[before.length];
    boolean[] placed = new boolean[before.length];
    for (int at = 0; at < order.length; at++) {
      int[] free =
          IntStream.range(0, order.length)
              .filter(i -> !placed[i])
              .filter(
                  i -> IntStream.range(0, order.length).noneMatch(j -> before[j][i] && !placed[j]))
              .toArray();
      order[at] = free[random.nextInt(free.length)];
      placed[order[at]] = true;
    }
    return order;
  }
}
