package lossmith.proofs.independent;

import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.Locale;
import lossmith.dsl.Level;

/** Value and slopes of a compiled loss beside those of loops over plain arrays. */
final class Comparison {
  /** Of values: another order of summation. */
  static final double VALUE = 1e-9;

  /** Of slopes: what central differences are good to, and as much again. */
  static final double SLOPE = 1e-8;

  /** Single numbers that are moved of each input; more are moved together. */
  private static final int ENTRIES = 10;

  private static final int DIRECTIONS = 2;

  private final Oracle oracle;
  private final Numbers here;
  private final double scale;
  private final Random random;

  private double worst;
  private int slopes;

  private Comparison(Oracle oracle, Numbers here, Random random) {
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
   * @param inputs what the loss has a gradient with respect to, which is 0 where none was found
   * @param found what the compiled loss said of it
   * @param random which numbers are moved
   */
  static Outcome of(
      Oracle oracle, Numbers here, Set<String> inputs, Found found, Random random) {
    return new Comparison(oracle, here, random).compared(found, inputs);
  }

  private Outcome compared(Found found, Set<String> inputs) {
    double value = oracle.value(here, here);
    double apart = relative(found.value(), value, scale);
    boolean same = apart <= VALUE;
    if (!same && unsteady(value)) {
      return Outcome.kink("the value is decided by rounding");
    }
    if (!same) {
      return differed(apart, 0, text("value", found.value(), value, scale));
    }
    for (String input : inputs.addAll(found.gradients().keySet())) {
      if (!here.has(input)) {
        return differed(apart, 0, "a gradient of " + input + ", which nobody gave");
      }
      double[] none = new double[here.of(input).length];
      Option<Outcome> other = slopes(input, found.gradients().getOrElse(input, none), apart);
      if (other.isDefined()) {
        return other.get();
      }
    }
    return new Outcome(Outcome.Kind.AGREED, apart, worst, slopes, "");
  }

  /** Whether the value moves when every number moves by a relative 1e-13. */
  private boolean unsteady(double value) {
    for (long salt = 1; salt <= 6; salt++) {
      Numbers near = here.nudged(salt * 0x9E3779B97F4A7C15L);
      if (!(relative(oracle.value(near, near), value, scale) <= VALUE / 10)) {
        return true;
      }
    }
    return false;
  }

  private Option<Outcome> slopes(String input, double[] gradient, double apart) {
    double[] x = here.of(input);
    if (x.length != gradient.length) {
      return Option.some(
          differed(apart, 0, x.length + " numbers of " + input + ", " + gradient.length + " slopes"));
    }
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
    int[] finite =
        java.util.stream.IntStream.range(0, x.length).filter(i -> Double.isFinite(x[i])).toArray();
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i]) && gradient[i] != 0) {
        return Option.some(differed(apart, 0, text(input + "[" + i + "], which is " + x[i], gradient[i], 0, 1)));
      }
    }
    for (int k = 0; k < Math.min(ENTRIES, finite.length); k++) {
      int spare = k + random.nextInt(finite.length - k);
      int entry = finite[spare];
      finite[spare] = finite[k];
      finite[k] = entry;
      double[] v = new double[x.length];
      v[entry] = 1;
      Option<Outcome> other = slope(input, x, v, gradient[entry], largest, apart, "[" + entry + "]");
      if (other.isDefined()) {
        return other;
      }
    }
    for (int k = 0; k < DIRECTIONS && finite.length > 1; k++) {
      double[] v = new double[x.length];
      double along = 0;
      double size = 0;
      for (int i : finite) {
        v[i] = random.nextGaussian() / Math.sqrt(finite.length);
        along += v[i] * gradient[i];
        size += Math.abs(v[i] * gradient[i]);
      }
      Option<Outcome> other =
          slope(input, x, v, along, Math.max(largest, size), apart, " along direction " + k);
      if (other.isDefined()) {
        return other;
      }
    }
    return Option.none();
  }

  private Option<Outcome> slope(
      String input, double[] x, double[] v, double g, double largest, double apart, String where) {
    Option<Double> difference =
        Differences.slope(
            h -> oracle.value(here.with(input, moved(x, v, h)), here), Math.max(scale, largest));
    if (difference.isEmpty()) {
      return Option.some(Outcome.kink(input + where));
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

  private Outcome differed(double value, double gradient, String text) {
    return new Outcome(Outcome.Kind.DIFFERED, value, gradient, slopes, text);
  }

  private static double relative(double x, double y, double scale) {
    if (x == y) {
      return 0;
    }
    return Math.abs(x - y) / Math.max(scale, Math.max(Math.abs(x), Math.abs(y)));
  }

  private static String text(String what, double compiled, double loops, double scale) {
    return String.format(
        Locale.ROOT, "%s: compiled %s, by loops %s, of a size of %.3g", what, compiled, loops, scale);
  }

  /** The batch in words, so that a person can try it again. */
  static String words(Numbers numbers) {
    Layout layout = numbers.layout();
    StringBuilder text = new StringBuilder();
    text.append("tokens of the responses ").append(Arrays.toString(layout.lengths()));
    text.append(", prompts ").append(Arrays.toString(layout.prompts()));
    text.append(", sampled entries ").append(Arrays.toString(layout.chosen()));
    Map<String, Level.Name> levels = numbers.levels();
    for (var column : levels) {
      text.append("\n    ").append(column._1).append(' ').append(Arrays.toString(numbers.of(column._1)));
    }
    return text.append("\n    parameters ").append(numbers.settings().mkString(", ")).toString();
  }
}
