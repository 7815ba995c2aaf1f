package lossmith.proofs.independent.loops;

import static lossmith.dsl.Terms.count;

import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Level;
import lossmith.dsl.Over;

/** From a finer level to a coarser one. */
public final class Reducing {
  private Reducing() {}

  /** A sum, a mean, a std, a smallest or a largest member. */
  static <F extends Level, T extends Level> Made<T> one(
      Random random, Made<F> x, Across<F, T> across) {
    Over<F, T> over = across.over();
    return switch (random.nextInt(7)) {
      case 0 -> sum(x, across);
      case 1 -> new Made<>(x.term().max(over), across.fold(x.loops(), ArrayStatistics::most));
      case 2 -> new Made<>(x.term().min(over), across.fold(x.loops(), ArrayStatistics::least));
      case 3 -> {
        int ddof = random.nextInt(2);
        yield new Made<>(
            x.term().std(over, ddof),
            across.fold(x.loops(), (numbers, of) -> ArrayStatistics.std(numbers, of, ddof)));
      }
      default -> mean(x, across);
    };
  }

  static <F extends Level, T extends Level> Made<T> sum(Made<F> x, Across<F, T> across) {
    return new Made<>(x.term().sum(across.over()), across.fold(x.loops(), ArrayStatistics::sum));
  }

  public static <F extends Level, T extends Level> Made<T> mean(Made<F> x, Across<F, T> across) {
    return new Made<>(x.term().mean(across.over()), across.fold(x.loops(), ArrayStatistics::mean));
  }

  /** The same of a detached term. */
  static <F extends Level, T extends Level> Fixed<T> one(
      Random random, Fixed<F> x, Across<F, T> across) {
    Over<F, T> over = across.over();
    return switch (random.nextInt(6)) {
      case 0 -> new Fixed<>(x.term().sum(over), across.fold(x.loops(), ArrayStatistics::sum));
      case 1 -> new Fixed<>(x.term().max(over), across.fold(x.loops(), ArrayStatistics::most));
      case 2 -> new Fixed<>(x.term().min(over), across.fold(x.loops(), ArrayStatistics::least));
      case 3 ->
          new Fixed<>(
              x.term().std(over, 0),
              across.fold(x.loops(), (numbers, of) -> ArrayStatistics.std(numbers, of, 0)));
      case 4 -> counted(across);
      default -> new Fixed<>(x.term().mean(over), across.fold(x.loops(), ArrayStatistics::mean));
    };
  }

  static <F extends Level, T extends Level> Fixed<T> counted(Across<F, T> across) {
    return new Fixed<>(
        count(across.over()),
        (live, detached) ->
            Arrays.stream(across.members(live, detached)).mapToDouble(of -> of.length).toArray());
  }

  static <F extends Level, T extends Level> Fixed<T> quantile(
      Fixed<F> x, Fixed<T> fraction, Across<F, T> across) {
    return new Fixed<>(
        x.term().quantile(fraction.term(), across.over()),
        (live, detached) -> {
          double[] numbers = x.loops().of(live, detached);
          double[] at = fraction.loops().of(live, detached);
          int[][] members = across.members(live, detached);
          double[] y = new double[members.length];
          Arrays.setAll(y, i -> ArrayStatistics.quantile(numbers, members[i], at[i]));
          return y;
        });
  }
}
