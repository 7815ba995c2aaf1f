package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import lossmith.dsl.Columns;

/**
 * What a loss adds for the distance to another policy, where no advantage moves it: by x = log π −
 * log π_ref of one token, or by the distance to what sampled it.
 *
 * @param column whose log-probs those are
 * @param value what its value is like, none where it does not move
 * @param slope what its slope is like
 */
public record Penalty(String column, Option<Fit> value, Option<Fit> slope) {
  private static final Seq<Double> DISTANCES = List.of(-0.9, -0.4, -0.15, 0.2, 0.35, 0.8);
  private static final double CLOSE = 1e-6;

  /** Estimators and their slopes. */
  private enum Estimator {
    K1("k1", x -> x, x -> 1),
    ABSOLUTE("|k1|", Math::abs, Math::signum),
    K2("k2", x -> x * x / 2, x -> x),
    K3("k3", x -> Math.expm1(-x) + x, x -> 1 - Math.exp(-x)),
    FORWARD("e^-x", x -> Math.expm1(-x), x -> -Math.exp(-x)),
    TURNED("k3 of the other direction", x -> Math.expm1(x) - x, Math::expm1);

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
    private final DoubleUnaryOperator value;

    @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
    private final DoubleUnaryOperator slope;

    Estimator(String words, DoubleUnaryOperator value, DoubleUnaryOperator slope) {
      this.words = words;
      this.value = value;
      this.slope = slope;
    }
  }

  /**
   * An estimator and its coefficient.
   *
   * @param name its name
   * @param coefficient what multiplies it, relative to the weight of a token
   * @param low the distance below which it is held at what it is there, and its slope is 0
   * @param high the distance above which that is so
   * @param below what it is held at below
   * @param above what it is held at above
   */
  public record Fit(
      String name, double coefficient, double low, double high, double below, double above) {
    /** Whether a slope is the same at any distance: another policy need not be what it is of. */
    private boolean still() {
      return name.equals(Estimator.K1.words) && !ends();
    }

    private boolean ends() {
      return Double.isFinite(low) || Double.isFinite(high);
    }
  }

  /**
   * {@return the penalty of a loss that reads log-probs of another policy}
   *
   * @param box the loss
   * @param column whose log-probs
   * @param weight what divides the numbers of a token of the probe
   */
  static Penalty of(BlackBox box, String column, double weight) {
    TensorBatch batch = Probes.indifferent(box, Probes.token());
    double zero = at(box, batch, column, 0)[0];
    Option<Fit> value =
        fit(x -> (at(box, batch, column, x)[0] - zero) / weight, estimator -> estimator.value);
    return new Penalty(
        column,
        value,
        fit(x -> at(box, batch, column, x)[1] / weight, estimator -> estimator.slope)
            .filter(slope -> value.isDefined() || !slope.still()));
  }

  /** {@return whether it moves anything} */
  public boolean acts() {
    return value.isDefined() || slope.isDefined();
  }

  /** The distance of a token to that policy. */
  double distance(TensorBatch batch, int slot) {
    return batch.slots(Columns.LOG_PROB)[slot] - batch.slots(column)[slot];
  }

  private static Option<Fit> fit(
      DoubleUnaryOperator seen, Function<Estimator, DoubleUnaryOperator> of) {
    Seq<Double> found = DISTANCES.map(seen::applyAsDouble).toVector();
    if (found.forAll(y -> Math.abs(y) < CLOSE)) {
      return Option.none();
    }
    for (Estimator estimator : Estimator.values()) {
      DoubleUnaryOperator f = of.apply(estimator);
      double k = found.get(0) / f.applyAsDouble(DISTANCES.get(0));
      DoubleUnaryOperator fitted = x -> k * f.applyAsDouble(x);
      if (DISTANCES.zip(found).forAll(pair -> near(pair._2, fitted.applyAsDouble(pair._1)))) {
        return Option.some(
            new Fit(
                estimator.words,
                k,
                edge(seen, fitted, DISTANCES.min().get(), -FAR),
                edge(seen, fitted, DISTANCES.max().get(), FAR),
                seen.applyAsDouble(-FAR),
                seen.applyAsDouble(FAR)));
      }
    }
    return Option.some(
        new Fit(
            "another function of log π − log π_ref",
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NaN,
            Double.NaN));
  }

  private static boolean near(double x, double y) {
    return Math.abs(x - y) <= CLOSE * (1 + Math.abs(x));
  }

  /** Where it leaves what it is like, between a distance at which it does not and a far one. */
  private static double edge(
      DoubleUnaryOperator seen, DoubleUnaryOperator fitted, double from, double to) {
    double far = seen.applyAsDouble(to);
    if (!Double.isFinite(far) || near(far, fitted.applyAsDouble(to))) {
      return Math.copySign(Double.POSITIVE_INFINITY, to);
    }
    double inside = from;
    double outside = to;
    for (int i = 0; i < 40; i++) {
      double middle = (inside + outside) / 2;
      if (near(seen.applyAsDouble(middle), fitted.applyAsDouble(middle))) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside;
  }

  /** The value, and the slope of the first token, where that is so far from the reference. */
  static double[] at(BlackBox box, TensorBatch batch, String column, double distance) {
    double[] lp = batch.slots(Columns.LOG_PROB);
    TensorBatch moved = batch.with(column, slot -> slot == 0 ? lp[0] - distance : lp[slot]);
    return box.of(moved) instanceof Answer.Numbers numbers
        ? new double[] {numbers.loss(), numbers.gradient(Columns.LOG_PROB, batch.size())[0]}
        : new double[] {Double.NaN, Double.NaN};
  }

  /** A distance at which bounds that people set on an estimate have been met. */
  private static final double FAR = 12;

  /** The value of a token at a distance; not a number where no estimator is known. */
  double valueAt(double x) {
    return of(value, x, estimator -> estimator.value);
  }

  /** The slope of a token at a distance; not a number where no estimator is known. */
  double slopeAt(double x) {
    return of(slope, x, estimator -> estimator.slope);
  }

  private static double of(
      Option<Fit> fit, double x, Function<Estimator, DoubleUnaryOperator> shape) {
    return fit.map(
            one ->
                x < one.low
                    ? one.below
                    : x > one.high
                        ? one.above
                        : List.of(Estimator.values())
                            .find(estimator -> estimator.words.equals(one.name))
                            .map(known -> one.coefficient * shape.apply(known).applyAsDouble(x))
                            .getOrElse(Double.NaN))
        .getOrElse(0.0);
  }

  @Override
  public String toString() {
    if (!acts()) {
      return "none, the reference changes nothing";
    }
    String worth = value.map(Penalty::words).getOrElse("nothing");
    String pull = slope.map(Penalty::words).getOrElse("nothing");
    String worthEnd = value.map(Penalty::end).getOrElse("");
    String pullEnd = slope.map(Penalty::end).getOrElse("");
    if (worth.equals(pull) && worthEnd.equals(pullEnd)) {
      return worth + worthEnd;
    }
    return worthEnd.equals(pullEnd)
        ? "the value of " + worth + " with the gradient of " + pull + pullEnd
        : "the value of " + worth + worthEnd + " with the gradient of " + pull + pullEnd;
  }

  private static String words(Fit fit) {
    return Double.isNaN(fit.coefficient)
        ? fit.name
        : String.format(Locale.ROOT, "%.4g·", fit.coefficient) + fit.name;
  }

  private static String end(Fit fit) {
    if (!fit.ends()) {
      return "";
    }
    String low = Double.isFinite(fit.low) ? "below " + rough(fit.low) : "";
    String high = Double.isFinite(fit.high) ? "above " + rough(fit.high) : "";
    return ", switched off where log π − log π_ref is "
        + (low.isEmpty() || high.isEmpty() ? low + high : low + " or " + high);
  }

  /** An edge is found to a millionth of the estimate. */
  private static String rough(double x) {
    return RatioShape.digits(Math.round(x * 1e3) / 1e3);
  }
}
