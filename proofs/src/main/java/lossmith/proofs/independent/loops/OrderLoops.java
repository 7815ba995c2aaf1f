package lossmith.proofs.independent.loops;

import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.previous;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.scanForward;

import java.util.Arrays;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;

/** What depends on order: neighbours and recurrences, permutations, sums by key, ranks. */
final class OrderLoops {
  private OrderLoops() {}

  static Made<Token> after(Made<Token> x, double edge) {
    return new Made<>(next(x.term(), edge), shifted(x.loops(), 1, edge));
  }

  static Made<Token> before(Made<Token> x, double edge) {
    return new Made<>(previous(x.term(), edge), shifted(x.loops(), -1, edge));
  }

  static Fixed<Token> after(Fixed<Token> x, double edge) {
    return new Fixed<>(next(x.term(), edge), shifted(x.loops(), 1, edge));
  }

  static Fixed<Token> before(Fixed<Token> x, double edge) {
    return new Fixed<>(previous(x.term(), edge), shifted(x.loops(), -1, edge));
  }

  private static Loops shifted(Loops x, int step, double edge) {
    return (live, detached) -> {
      double[] numbers = x.of(live, detached);
      double[] y = new double[numbers.length];
      for (int[] of : live.layout().members(Level.Name.TOKEN, Level.Name.SEQUENCE)) {
        for (int i = 0; i < of.length; i++) {
          boolean there = i + step >= 0 && i + step < of.length;
          y[of[i]] = there ? numbers[of[i + step]] : edge;
        }
      }
      return y;
    };
  }

  /** x_t = b_t + c_t x_(t+1). */
  static Made<Token> back(Made<Token> b, Fixed<Token> c) {
    return new Made<>(scanBackward(b.term(), c.term()), recurrence(b.loops(), c.loops(), true));
  }

  /** x_t = b_t + c_t x_(t−1). */
  static Made<Token> on(Made<Token> b, Fixed<Token> c) {
    return new Made<>(scanForward(b.term(), c.term()), recurrence(b.loops(), c.loops(), false));
  }

  static Fixed<Token> back(Fixed<Token> b, Fixed<Token> c) {
    return new Fixed<>(scanBackward(b.term(), c.term()), recurrence(b.loops(), c.loops(), true));
  }

  static Fixed<Token> on(Fixed<Token> b, Fixed<Token> c) {
    return new Fixed<>(scanForward(b.term(), c.term()), recurrence(b.loops(), c.loops(), false));
  }

  private static Loops recurrence(Loops addend, Loops coefficient, boolean fromEnd) {
    return (live, detached) -> {
      double[] b = addend.of(live, detached);
      double[] c = coefficient.of(live, detached);
      double[] y = new double[b.length];
      for (int[] of : live.layout().members(Level.Name.TOKEN, Level.Name.SEQUENCE)) {
        double carried = 0;
        for (int i = 0; i < of.length; i++) {
          int t = fromEnd ? of[of.length - 1 - i] : of[i];
          carried = b[t] + c[t] * carried;
          y[t] = carried;
        }
      }
      return y;
    };
  }

  /** The members in descending order of the key, written to their places in their own order. */
  static <L extends Level, T extends Level> Made<L> sorted(
      Made<L> x, Fixed<L> key, Across<L, T> within) {
    return new Made<>(
        x.term().sortedBy(key.term(), within.over()),
        ordered(
            x.loops(),
            key.loops(),
            within,
            (numbers, keys, of, y) -> {
              int[] descending = ArrayStatistics.descending(keys, of);
              for (int i = 0; i < of.length; i++) {
                y[of[i]] = numbers[descending[i]];
              }
            }));
  }

  /** The sum over the members with the same key. */
  static <L extends Level, T extends Level> Made<L> sumByKey(
      Made<L> x, Fixed<L> key, Across<L, T> within) {
    return new Made<>(
        x.term().sumByKey(key.term(), within.over()),
        ordered(
            x.loops(),
            key.loops(),
            within,
            (numbers, keys, of, y) -> {
              for (int i : of) {
                y[i] =
                    Arrays.stream(of)
                        .filter(j -> keys[j] == keys[i])
                        .mapToDouble(j -> numbers[j])
                        .sum();
              }
            }));
  }

  /** The sum over the members whose key is not above. */
  static <L extends Level, T extends Level> Made<L> cumulativeSum(
      Made<L> x, Fixed<L> key, Across<L, T> within) {
    return new Made<>(
        x.term().cumulativeSum(key.term(), within.over()),
        ordered(
            x.loops(),
            key.loops(),
            within,
            (numbers, keys, of, y) -> {
              for (int i : of) {
                y[i] =
                    Arrays.stream(of)
                        .filter(j -> keys[j] <= keys[i])
                        .mapToDouble(j -> numbers[j])
                        .sum();
              }
            }));
  }

  /** 0 for the largest member that counts, 1 for the next, …; for others the number of those. */
  static <L extends Level, T extends Level> Fixed<L> rank(Fixed<L> x, Across<L, T> within) {
    return new Fixed<>(x.term().rank(within.over()), ranks(x.loops(), within));
  }

  private static <L extends Level, T extends Level> Loops ranks(Loops x, Across<L, T> within) {
    return (live, detached) -> {
      double[] numbers = x.of(live, detached);
      int[][] counted = within.members(live, detached);
      int[][] all = live.layout().members(within.over().from(), within.over().to());
      double[] y = new double[numbers.length];
      for (int g = 0; g < all.length; g++) {
        for (int i : all[g]) {
          y[i] = counted[g].length;
        }
        int[] descending = ArrayStatistics.descending(numbers, counted[g]);
        for (int i = 0; i < descending.length; i++) {
          y[descending[i]] = i;
        }
      }
      return y;
    };
  }

  /** Yes for the k largest members that count. */
  static <L extends Level, T extends Level> Asked<L> top(
      Fixed<L> x, Fixed<T> k, Across<L, T> within) {
    return new Asked<>(x.term().top(k.term(), within.over()), best(x.loops(), k.loops(), within));
  }

  /** Yes for the fraction of the members that count, at least some. */
  static <L extends Level, T extends Level> Asked<L> topFraction(
      Fixed<L> x, DrawnParameters.Knob fraction, int atLeast, Across<L, T> within) {
    Loops k =
        (live, detached) ->
            Arrays.stream(within.members(live, detached))
                .mapToDouble(of -> Math.max(atLeast, Math.floor(of.length * fraction.of(live))))
                .toArray();
    return new Asked<>(
        x.term().topFraction(fraction.parameter(), atLeast, within.over()),
        best(x.loops(), k, within));
  }

  private static <L extends Level, T extends Level> Loops best(
      Loops x, Loops k, Across<L, T> within) {
    Loops most = within.spread(k);
    return (live, detached) -> {
      double[] rank = ranks(x, within).of(live, detached);
      double[] bound = most.of(live, detached);
      double[] yes = new double[rank.length];
      for (int[] of : within.members(live, detached)) {
        for (int i : of) {
          yes[i] = rank[i] < bound[i] ? 1 : 0;
        }
      }
      return yes;
    };
  }

  /** Writes what some members become. */
  private interface Writing {
    void write(double[] x, double[] key, int[] members, double[] to);
  }

  private static <L extends Level, T extends Level> Loops ordered(
      Loops x, Loops key, Across<L, T> within, Writing writing) {
    return (live, detached) -> {
      double[] numbers = x.of(live, detached);
      double[] y = new double[numbers.length];
      double[] keys = key.of(live, detached);
      for (int[] of : live.layout().members(within.over().from(), within.over().to())) {
        writing.write(numbers, keys, of, y);
      }
      return y;
    };
  }
}
