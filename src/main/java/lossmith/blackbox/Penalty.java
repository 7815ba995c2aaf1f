package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import lossmith.dsl.Columns;

/**
 * What a loss adds for the distance to a reference, where no advantage moves it: by x = log π − log
 * π_ref of one token.
 *
 * @param value what its value is like, none where it does not move
 * @param slope what its slope is like
 */
public record Penalty(Option<Fit> value, Option<Fit> slope) {
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
   */
  public record Fit(String name, double coefficient) {}

  /**
   * {@return the penalty of a loss that reads log-probs of a reference}
   *
   * @param box the loss
   * @param weight what divides the numbers of a token of the probe
   */
  static Penalty of(BlackBox box, double weight) {
    TensorBatch batch = Probes.indifferent(box, Probes.token());
    double zero = at(box, batch, 0)[0];
    Seq<double[]> found =
        DISTANCES
            .map(
                x -> {
                  double[] one = at(box, batch, x);
                  return new double[] {(one[0] - zero) / weight, one[1] / weight};
                })
            .toVector();
    return new Penalty(
        fit(found.map(one -> one[0]), estimator -> estimator.value),
        fit(found.map(one -> one[1]), estimator -> estimator.slope));
  }

  private static Option<Fit> fit(Seq<Double> found, Function<Estimator, DoubleUnaryOperator> of) {
    if (found.forAll(y -> Math.abs(y) < CLOSE)) {
      return Option.none();
    }
    for (Estimator estimator : Estimator.values()) {
      DoubleUnaryOperator f = of.apply(estimator);
      double k = found.get(0) / f.applyAsDouble(DISTANCES.get(0));
      if (DISTANCES
          .zip(found)
          .forAll(
              pair ->
                  Math.abs(pair._2 - k * f.applyAsDouble(pair._1))
                      <= CLOSE * (1 + Math.abs(pair._2)))) {
        return Option.some(new Fit(estimator.words, k));
      }
    }
    return Option.some(new Fit("another function of log π − log π_ref", Double.NaN));
  }

  /** The value, and the slope of the first token, where that is so far from the reference. */
  static double[] at(BlackBox box, TensorBatch batch, double distance) {
    double[] lp = batch.slots(Columns.LOG_PROB);
    TensorBatch moved =
        batch.with(Columns.REFERENCE_LOG_PROB, slot -> slot == 0 ? lp[0] - distance : lp[slot]);
    return box.of(moved) instanceof Answer.Numbers numbers
        ? new double[] {numbers.loss(), numbers.gradient(Columns.LOG_PROB, batch.size())[0]}
        : new double[] {Double.NaN, Double.NaN};
  }

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
    return fit.isEmpty()
        ? 0
        : List.of(Estimator.values())
            .find(estimator -> estimator.words.equals(fit.get().name))
            .map(estimator -> fit.get().coefficient * shape.apply(estimator).applyAsDouble(x))
            .getOrElse(Double.NaN);
  }

  @Override
  public String toString() {
    if (value.isEmpty() && slope.isEmpty()) {
      return "none, the reference changes nothing";
    }
    String worth = value.map(Penalty::words).getOrElse("nothing");
    String pull = slope.map(Penalty::words).getOrElse("nothing");
    return worth.equals(pull) ? worth : "the value of " + worth + " with the gradient of " + pull;
  }

  private static String words(Fit fit) {
    return Double.isNaN(fit.coefficient)
        ? fit.name
        : String.format(Locale.ROOT, "%.4g·", fit.coefficient) + fit.name;
  }
}
