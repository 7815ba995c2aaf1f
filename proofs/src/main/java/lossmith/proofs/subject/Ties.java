package lossmith.proofs.subject;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Otherwise;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.trial.Trial;

/**
 * Where a rank, or an order by a key, meets equal numbers: among the members that it ranks against
 * each other, no others. Members that are equal in every program keep their own order, which is a
 * rule like another. Members that are equal, or differ, by rounding alone have no order that two
 * programs need agree on.
 */
public final class Ties {
  private static final double NEAR = 1e-12;

  /** Last bits are moved in these patterns. */
  private static final int[] PATTERNS = {37, 53};

  private final Trial trial;
  private final Evaluations known;
  private final Seq<Reference> moved;
  private final Fold<Node> lastBits = new Fold<>(new LastBits());

  /**
   * Equal members, in their own order.
   *
   * @param level the level of the members
   * @param members their indices
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Tie(Level.Name level, int[] members) {}

  /**
   * An operation that sorts.
   *
   * @param what the operation in words
   * @param key the numbers
   * @param within what the members that are ordered have in common
   * @param where which members count
   */
  private record Order(String what, Node key, Level.Name within, Option<Node> where) {
    @Override
    public String toString() {
      String formula = Formula.unicode(key).lines().findFirst().orElse("");
      return what
          + formula
          + switch (within) {
            case VOCABULARY, TOKEN -> " in each row of the vocabulary";
            case SEQUENCE -> " in each response";
            case GROUP -> " among the responses to each prompt";
            case BATCH -> " in the batch";
          };
    }
  }

  private Ties(Subject subject, Trial trial) {
    this.trial = trial;
    this.known = subject.on(trial);
    boolean given = trial.kind() == Trial.Kind.KINK; // ties of given columns are no rounding
    this.moved =
        List.ofAll(PATTERNS)
            .map(
                pattern -> {
                  Samples bits = LastBits.in(trial.samples(), pattern);
                  return new Reference(
                      given ? bits : RoundingDecides.moved(bits, pattern), trial.parameters());
                });
  }

  /** {@return an operation whose order is decided by rounding, in words, if there is one} */
  public static Option<String> undecided(Subject subject, Trial trial) {
    Ties ties = new Ties(subject, trial);
    return orders(subject, trial).find(order -> !ties.decided(order)).map(Order::toString);
  }

  /** The ties of a case in which rounding decides none. */
  public static Seq<Tie> of(Subject subject, Trial trial) {
    Ties ties = new Ties(subject, trial);
    return orders(subject, trial)
        .flatMap(order -> ties.equal(order).map(m -> new Tie(order.key.level(), m)));
  }

  /** Operations that have ties on a case, in words. */
  public static Seq<String> tied(Subject subject, Trial trial) {
    Ties ties = new Ties(subject, trial);
    return orders(subject, trial)
        .filter(order -> ties.equal(order).nonEmpty())
        .map(Order::toString)
        .distinct();
  }

  /** What an objective puts in order, its metrics too; of a kink, where log-probs are given. */
  private static Seq<Order> orders(Subject subject, Trial trial) {
    boolean given = trial.kind() == Trial.Kind.KINK;
    BoundLoss bound = subject.bound(given ? Surface.STATISTICS : Surface.LOGITS);
    Map<String, Node> all = bound.parts().merge(bound.metrics());
    return LinkedHashSet.ofAll(Graph.below(all.values()))
        .toList()
        .flatMap(node -> node.match(new Ordering()));
  }

  /** What a node puts in order. */
  private static final class Ordering extends Otherwise<Option<Order>> {
    @Override
    public Option<Order> rank(Node.Rank node) {
      return Option.some(new Order("the rank of ", node.of(), node.within(), node.where()));
    }

    @Override
    public Option<Order> permute(Node.Permute node) {
      return Option.some(new Order("the order by ", node.right(), node.within(), Option.none()));
    }

    @Override
    protected Option<Order> otherwise(Node node) {
      return Option.none();
    }
  }

  /** The members that are ordered against each other, those that count. */
  private Seq<int[]> members(Order order) {
    Samples samples = trial.samples();
    Option<double[]> where = order.where.map(known::of);
    Level.Name level = order.key.level();
    int[] of =
        IntStream.range(0, samples.size(level)).map(i -> parent(i, level, order.within)).toArray();
    return List.range(0, samples.size(order.within))
        .map(
            group ->
                IntStream.range(0, of.length)
                    .filter(i -> of[i] == group && (where.isEmpty() || where.get()[i] != 0))
                    .toArray());
  }

  private int parent(int index, Level.Name level, Level.Name within) {
    Samples samples = trial.samples();
    return level == Level.Name.VOCABULARY
        ? samples.parent(Level.Name.TOKEN, index / samples.vocabulary(), within)
        : samples.parent(level, index, within);
  }

  private boolean decided(Order order) {
    double[] x = known.of(order.key);
    double[] scale = known.scales(order.key);
    Seq<double[]> elsewhere = moved.map(there -> there.of(lastBits.of(order.key)));
    return members(order)
        .forAll(
            members -> {
              int[] sorted = sorted(x, members);
              return IntStream.range(1, sorted.length)
                  .allMatch(k -> decided(x, scale, elsewhere, sorted[k - 1], sorted[k]));
            });
  }

  private static boolean decided(
      double[] x, double[] scale, Seq<double[]> elsewhere, int i, int j) {
    if (x[i] == x[j]) {
      return elsewhere.forAll(y -> y[i] == y[j]);
    }
    double near = NEAR * Math.max(scale[i], scale[j]);
    return Double.isInfinite(x[i]) || Double.isInfinite(x[j]) || Math.abs(x[i] - x[j]) > near;
  }

  /** The runs of equal members. */
  private Seq<int[]> equal(Order order) {
    double[] x = known.of(order.key);
    java.util.List<int[]> runs = new ArrayList<>();
    for (int[] members : members(order)) {
      int[] sorted = sorted(x, members);
      int from = 0;
      for (int k = 1; k <= sorted.length; k++) {
        if (k == sorted.length || x[sorted[k]] != x[sorted[from]]) {
          if (k - from > 1) {
            runs.add(Arrays.copyOfRange(sorted, from, k));
          }
          from = k;
        }
      }
    }
    return List.ofAll(runs);
  }

  private static int[] sorted(double[] x, int[] members) {
    return Arrays.stream(members)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> x[i] + 0.0))
        .mapToInt(i -> i)
        .toArray();
  }
}
