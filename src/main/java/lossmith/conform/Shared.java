package lossmith.conform;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.min;
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
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Precision;
import lossmith.score.Scoring;

/** What the cases share: advantages, truncated importance weights, estimators of the KL. */
final class Shared {
  private static final double EPSILON = 1e-6;
  private static final double LOG_RATIO = 20;
  private static final double LOW_VARIANCE = 10;

  private Shared() {}

  static Map<String, Seq<Agreement>> of(
      Samples samples, Expected expected, Precision precision, double tolerance) {
    Detached<Sequence> r = reward();
    Detached<Sequence> spread =
        r.deviation(Over.SEQUENCES, 1).per(Axis.SEQUENCE).shiftedBy(EPSILON);
    Detached<Token> advantage =
        r.minus(r.mean(Over.SEQUENCES).per(Axis.SEQUENCE)).dividedBy(spread).per(Axis.TOKEN);
    // The gradient of Σ A log π is A.
    Loss loss = minimise(logProb().weightedBy(advantage).sum(Over.ALL_TOKENS));
    double limit = expected.ratioWeights().getOrElse("threshold", Double.POSITIVE_INFINITY);
    boolean rollout = samples.columns().contains(Columns.ROLLOUT_LOG_PROB);
    boolean reference = samples.columns().contains(Columns.REFERENCE_LOG_PROB);
    Loss weighed = rollout ? withWeights(loss, limit) : loss;
    Loss logged = reference ? withKl(weighed) : weighed;
    Scoring scoring =
        new Scoring(logged, Surface.STATISTICS, precision, "CPU", samples, LinkedHashMap.empty());
    Map<String, Seq<Agreement>> table =
        LinkedHashMap.of(
            "grpo.advantages", advantages(samples, expected.advantages(), scoring, tolerance));
    if (expected.centred().nonEmpty()) {
      Loss plain =
          minimise(
              logProb()
                  .weightedBy(r.minus(r.mean(Over.SEQUENCES).per(Axis.SEQUENCE)).per(Axis.TOKEN))
                  .sum(Over.ALL_TOKENS));
      Scoring centred =
          new Scoring(plain, Surface.STATISTICS, precision, "CPU", samples, LinkedHashMap.empty());
      table =
          table.put(
              "grpo.advantages_without_std",
              advantages(samples, expected.centred(), centred, tolerance));
    }
    if (expected.ratioWeights().nonEmpty()) {
      var weights = expected.ratioWeights().remove("threshold");
      table = table.put("rollout_is_token_weights", figures(weights, "is ", scoring, tolerance));
    }
    if (expected.klToReference().nonEmpty()) {
      var kl = expected.klToReference();
      table = table.put("kl_to_ref_masked_mean", figures(kl, "kl ", scoring, tolerance));
    }
    return table;
  }

  private static Loss withWeights(Loss loss, double limit) {
    Detached<Token> log =
        oldLogProb().minus(rolloutLogProb()).clip(Clip.between(-LOG_RATIO, LOG_RATIO));
    Detached<Token> weight = min(log.exp(), Terms.constant(limit, Axis.TOKEN));
    return loss.log("is mean", weight.mean(Over.ALL_TOKENS))
        .log("is max", weight.max(Over.ALL_TOKENS)).log("is min", weight.min(Over.ALL_TOKENS));
  }

  private static Loss withKl(Loss loss) {
    Detached<Token> d = logProb().stopGradient().minus(referenceLogProb());
    Detached<Token> back = d.negated().clip(Clip.between(-LOG_RATIO, LOG_RATIO));
    Detached<Token> low = back.expRemainder().clip(Clip.between(-LOW_VARIANCE, LOW_VARIANCE));
    return loss.log("kl kl", d.mean(Over.ALL_TOKENS)).log("kl abs", d.abs().mean(Over.ALL_TOKENS))
        .log("kl mse", d.square().scaledBy(0.5).mean(Over.ALL_TOKENS)).log(
        "kl low_var_kl", low.mean(Over.ALL_TOKENS));
  }

  private static Seq<Agreement> advantages(
      Samples samples, Seq<Double> expected, Scoring scoring, double tolerance) {
    double[] got = scoring.gradient(Columns.LOG_PROB).getOrElse(() -> new double[samples.tokens()]);
    Seq<Double> wanted =
        Array.range(0, samples.tokens())
            .map(t -> expected.get(samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)));
    double largest = wanted.map(Math::abs).max().getOrElse(0.0);
    Seq<Double> all = Array.ofAll(got);
    return Vector.of(Agreement.of("advantages", all, wanted, largest, tolerance));
  }

  private static Seq<Agreement> figures(
      Map<String, Double> wanted, String prefix, Scoring scoring, double tolerance) {
    Map<String, Double> got = scoring.metrics();
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
