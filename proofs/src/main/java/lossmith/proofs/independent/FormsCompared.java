package lossmith.proofs.independent;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.proofs.independent.loops.Layout;
import lossmith.proofs.independent.loops.Oracle;
import lossmith.proofs.independent.loops.PlainBatch;

/** Compares value and slopes of a compiled loss with those of loops over plain arrays. */
final class FormsCompared {
  /** Of values: another order of summation. */
  static final double VALUE = 1e-9;

  /** Of slopes: what central differences are good to, away from kinks. */
  static final double SLOPE = 1e-9;

  /** Single numbers that are moved of each input; more are moved together. */
  private static final int ENTRIES = 10;

  private static final int DIRECTIONS = 2;

  private final Oracle oracle;
  private final PlainBatch here;
  private final double scale;
  private final Random random;

  private double worst;
  private int slopes;

  private FormsCompared(Oracle oracle, PlainBatch here, Random random) {
    this.oracle = oracle;
    this.here = here;
    this.random = random;
    this.scale = oracle.scale(here);
  }

  /**
   * Compares.
   *
   * @param oracle the loops
   * @param here the batch, as the loops read it
   * @param found the value that the compiled loss found
   * @param inputs its slopes, by what they are with respect to
   * @param random which numbers are moved
   */
  static FormsOutcome of(
      Oracle oracle, PlainBatch here, double found, Map<String, Along> inputs, Random random) {
    return new FormsCompared(oracle, here, random).compared(found, inputs);
  }

  private FormsOutcome compared(double found, Map<String, Along> inputs) {
    double value = oracle.value(here, here);
    double apart = relative(found, value, scale);
    boolean same = apart <= VALUE;
    if (!same && unsteady(value)) {
      return FormsOutcome.kink("the value is decided by rounding");
    }
    if (!same) {
      return differed(apart, 0, text("value", found, value, scale));
    }
    for (var input : inputs) {
      if (!here.has(input._1)) {
        return differed(apart, 1, "a gradient of " + input._1 + ", which nobody gave");
      }
      Option<FormsOutcome> other = slopes(input._1, input._2, apart);
      if (other.isDefined()) {
        return other.get();
      }
    }
    return new FormsOutcome(FormsOutcome.Kind.AGREED, apart, worst, slopes, "");
  }

  /** Whether the value moves when every number moves by a relative 1e-13. */
  private boolean unsteady(double value) {
    for (long salt = 1; salt <= 6; salt++) {
      PlainBatch near = here.nudged(salt * 0x9E3779B97F4A7C15L, 1e-13);
      if (!(relative(oracle.value(near, near), value, scale) <= VALUE / 10)) {
        return true;
      }
    }
    return false;
  }

  private Option<FormsOutcome> slopes(String input, Along gradient, double apart) {
    double[] x = here.of(input);
    int[] finite = IntStream.range(0, x.length).filter(i -> Double.isFinite(x[i])).toArray();
    for (int i = 0; i < x.length; i++) {
      double[] v = entry(x.length, i);
      if (!Double.isFinite(x[i]) && gradient.of(v) != 0) {
        String where = input + "[" + i + "], which is " + x[i];
        return Option.some(differed(apart, 1, text(where, gradient.of(v), 0, 1)));
      }
    }
    Seq<Tuple2<String, double[]>> ways = List.empty();
    for (int k = 0; k < Math.min(ENTRIES, finite.length); k++) {
      int spare = k + random.nextInt(finite.length - k);
      int entry = finite[spare];
      finite[spare] = finite[k];
      finite[k] = entry;
      ways = ways.append(Tuple.of("[" + entry + "]", entry(x.length, entry)));
    }
    for (int k = 0; k < DIRECTIONS && finite.length > 1; k++) {
      double[] v = new double[x.length];
      Arrays.stream(finite).forEach(i -> v[i] = random.nextGaussian() / Math.sqrt(finite.length));
      ways = ways.append(Tuple.of(" along direction " + k, v));
    }
    return ways.toStream()
        .flatMap(way -> slope(input, way._1, x, way._2, gradient, apart))
        .headOption();
  }

  private static double[] entry(int length, int at) {
    double[] v = new double[length];
    v[at] = 1;
    return v;
  }

  private Option<FormsOutcome> slope(
      String input, String where, double[] x, double[] v, Along gradient, double apart) {
    double g = gradient.of(v);
    double largest = gradient.largest();
    Option<Double> difference =
        Differences.slope(
            h -> oracle.value(here.with(input, moved(x, v, h)), here), Math.max(scale, largest));
    if (difference.isEmpty()) {
      return Option.some(FormsOutcome.kink(input + where));
    }
    double size = Math.max(scale, Math.max(largest, Math.abs(difference.get())));
    double off = relative(g, difference.get(), size);
    slopes++;
    worst = Math.max(worst, off);
    return Option.when(
        !(off <= SLOPE),
        () -> differed(apart, off, text("d/d" + input + where, g, difference.get(), size)));
  }

  private static double[] moved(double[] x, double[] v, double h) {
    double[] y = x.clone();
    Arrays.setAll(y, i -> v[i] == 0 ? x[i] : x[i] + h * v[i]);
    return y;
  }

  private FormsOutcome differed(double value, double gradient, String text) {
    return new FormsOutcome(FormsOutcome.Kind.DIFFERED, value, gradient, slopes, text);
  }

  static double relative(double x, double y, double scale) {
    if (x == y) {
      return 0;
    }
    return Math.abs(x - y) / Math.max(scale, Math.max(Math.abs(x), Math.abs(y)));
  }

  private static String text(String what, double compiled, double loops, double scale) {
    return String.format(
        Locale.ROOT,
        "%s: compiled %s, by loops %s, of a size of %.3g",
        what,
        compiled,
        loops,
        scale);
  }

  /** The batch in words, so that a person can try it again. */
  static String words(PlainBatch numbers) {
    Layout layout = numbers.layout();
    StringBuilder text = new StringBuilder();
    text.append("tokens of the responses ").append(Arrays.toString(layout.lengths()));
    text.append(", prompts ").append(Arrays.toString(layout.prompts()));
    text.append(", sampled entries ").append(Arrays.toString(layout.sampled()));
    Map<String, Level.Name> levels = numbers.levels();
    for (var column : levels) {
      text.append("\n    ")
          .append(column._1)
          .append(' ')
          .append(Arrays.toString(numbers.of(column._1)));
    }
    return text.append("\n    parameters ").append(numbers.parameters().mkString(", ")).toString();
  }
}
