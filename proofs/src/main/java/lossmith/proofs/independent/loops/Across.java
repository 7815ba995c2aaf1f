package lossmith.proofs.independent.loops;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Level;
import lossmith.dsl.Over;

/**
 * What a reduction runs over, and which elements those are.
 *
 * @param over the same for terms
 * @param kept the members that count, if not all do
 * @param <F> the level that is reduced
 * @param <T> the level of the result
 */
public record Across<F extends Level, T extends Level>(Over<F, T> over, Option<Loops> kept) {
  public static <F extends Level, T extends Level> Across<F, T> all(Over<F, T> over) {
    return new Across<>(over, Option.none());
  }

  public Across<F, T> where(Asked<F> condition) {
    return new Across<>(over.where(condition.term()), Option.some(condition.loops()));
  }

  /** The members of each element that count. */
  public int[][] members(PlainBatch live, PlainBatch detached) {
    int[][] all = live.layout().members(over.from(), over.to());
    if (kept.isEmpty()) {
      return all;
    }
    double[] yes = kept.get().of(live, detached);
    return Arrays.stream(all)
        .map(of -> Arrays.stream(of).filter(i -> yes[i] != 0).toArray())
        .toArray(int[][]::new);
  }

  /** A number of each list of members. */
  interface Fold {
    double of(double[] x, int[] members);
  }

  Loops fold(Loops x, Fold fold) {
    return (live, detached) -> {
      double[] numbers = x.of(live, detached);
      return Arrays.stream(members(live, detached)).mapToDouble(m -> fold.of(numbers, m)).toArray();
    };
  }

  /** The numbers of the element that each member is of. */
  Loops spread(Loops coarse) {
    return (live, detached) -> {
      double[] numbers = coarse.of(live, detached);
      return Arrays.stream(live.layout().owners(over.from(), over.to()))
          .mapToDouble(i -> numbers[i])
          .toArray();
    };
  }
}
