package lossmith.conform.rollouts;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;

import io.vavr.collection.Array;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.correction.RolloutWeights;
import lossmith.recipes.surrogate.KlEstimator;

/**
 * Columns that several cases read: advantages, truncated importance weights, estimators of the KL.
 */
final class SharedColumns {
  private static final Conventions VERL = Conventions.verl();

  private SharedColumns() {}

  static Map<String, Seq<Agreement>> of(
      Samples samples, RecordedLosses expected, Precision precision, double tolerance) {
    Loss loss = withGradient(Advantages.groupNormalised(reward(), VERL));
    double limit = expected.ratioWeights().getOrElse("threshold", Double.POSITIVE_INFINITY);
    boolean rollout = samples.columns().contains(Columns.ROLLOUT_LOG_PROB);
    boolean reference = samples.columns().contains(Columns.REFERENCE_LOG_PROB);
    Loss weighed = rollout ? withWeights(loss, limit) : loss;
    Loss logged = reference ? withKl(weighed) : weighed;
    Evaluation found = Conformance.evaluate(logged, samples, precision);
    Map<String, Seq<Agreement>> table =
        LinkedHashMap.of(
            "grpo.advantages", advantages(samples, expected.advantages(), found, tolerance));
    if (expected.centred().nonEmpty()) {
      Loss plain = withGradient(Advantages.centred(reward(), VERL).per(TOKEN));
      Evaluation centred = Conformance.evaluate(plain, samples, precision);
      table =
          table.put(
              "grpo.advantages_without_std",
              advantages(samples, expected.centred(), centred, tolerance));
    }
    if (expected.ratioWeights().nonEmpty()) {
      var weights = expected.ratioWeights().remove("threshold");
      table = table.put("rollout_is_token_weights", figures(weights, "is ", found, tolerance));
    }
    if (expected.klToReference().nonEmpty()) {
      var kl = expected.klToReference();
      table = table.put("kl_to_ref_masked_mean", figures(kl, "kl ", found, tolerance));
    }
    return table;
  }

  /** Σ A log π, whose gradient is A. */
  private static Loss withGradient(Detached<Token> advantage) {
    return minimise(logProb().weightedBy(advantage).sum(ALL_TOKENS));
  }

  private static Loss withWeights(Loss loss, double limit) {
    Detached<Token> weight =
        new RolloutWeights(false, Option.none(), limit, false)
            .bounded(oldLogProb().minus(rolloutLogProb()));
    return loss.log("is mean", weight.mean(ALL_TOKENS)).log("is max", weight.max(ALL_TOKENS)).log(
        "is min", weight.min(ALL_TOKENS));
  }

  private static Loss withKl(Loss loss) {
    return loss.log("kl kl", mean(KlEstimator.K1)).log("kl abs", mean(KlEstimator.ABSOLUTE))
        .log("kl mse", mean(KlEstimator.K2)).log("kl low_var_kl", mean(KlEstimator.K3));
  }

  private static Detached<Batch> mean(KlEstimator estimator) {
    return estimator.of(referenceLogProb(), VERL).stopGradient().mean(ALL_TOKENS);
  }

  private static Seq<Agreement> advantages(
      Samples samples, Seq<Double> expected, Evaluation found, double tolerance) {
    double[] got = found.gradients().getOrElse(Columns.LOG_PROB, new double[samples.tokens()]);
    Seq<Double> wanted =
        Array.range(0, samples.tokens())
            .map(t -> expected.get(samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)));
    double largest = wanted.map(Math::abs).max().getOrElse(0.0);
    Seq<Double> all = Array.ofAll(got);
    return Vector.of(Agreement.of("advantages", all, wanted, largest, tolerance));
  }

  private static Seq<Agreement> figures(
      Map<String, Double> wanted, String prefix, Evaluation found, double tolerance) {
    Map<String, Double> got = found.metrics();
    double scale = got.getOrElse("kl abs", 0.0);
    return wanted
        .map(
            figure ->
                Agreement.of(
                    figure._1,
                    got.getOrElse(prefix + figure._1, Double.NaN),
                    figure._2,
                    figure._1.equals("kl") ? scale : 0,
                    tolerance))
        .toVector();
  }
}
