package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives that weigh, drop or bend what was sampled by another policy. */
final class OffPolicyStatements {
  private OffPolicyStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("dr-grpo", (live, detached) -> drGrpo(live))
        .put(
            "dft",
            (live, detached) ->
                -live.tokenMean(t -> Math.exp(detached.logProb(t)) * live.logProb(t)))
        .put(
            "tis",
            (live, detached) -> -live.tokenMean(t -> truncated(detached, t) * score(live, t)))
        .put("topr", OffPolicyStatements::topr)
        .put("ce-gppo", OffPolicyStatements::ceGppo)
        .put("aspo", OffPolicyStatements::aspo)
        .put("decoupled-ppo", (live, detached) -> decoupled(live))
        .put("opsm", OffPolicyStatements::opsm)
        .put("vapo-nll", (live, detached) -> vapo(live))
        .put("vespo", OffPolicyStatements::vespo);
  }

  private static double a(Plain p, int t) {
    return p.groupNormalised(p.response(t));
  }

  private static double score(Plain p, int t) {
    return a(p, t) * p.logProb(t);
  }

  private static double truncated(Plain detached, int t) {
    return Math.min(detached.ratio(t), 1);
  }

  /** Σ_t min(r·A, clip(r)·A) / constant per response, A = R − mean(R). */
  private static double drGrpo(Plain p) {
    return -p.responseMean(
            s -> {
              double a = p.reward(s) - Plain.mean(p.responsesTo(p.prompt(s)), p::reward);
              return Arrays.stream(p.tokensOf(s))
                  .mapToDouble(t -> ClippedStatements.clipped(p, p.ratio(t), a))
                  .sum();
            })
        / p.set("max_length");
  }

  /**
   * A clipped token has the value of its bound, times β, and the gradient of that times r/sg(r).
   */
  private static double ceGppo(Plain live, Plain detached) {
    double low = 1 - live.set("clip_low");
    double high = 1 + live.set("clip_high");
    return -live.tokenMean(
        t -> {
          double a = a(live, t);
          double one = live.ratio(t) / detached.ratio(t);
          double r = live.ratio(t);
          if (a > 0 && detached.ratio(t) > high) {
            r = live.set("beta_high") * high * one;
          } else if (a < 0 && detached.ratio(t) < low) {
            r = live.set("beta_low") * low * one;
          }
          return r * a;
        });
  }

  /** w·A·log π(y), w = 1 for A > 0, else the truncated ratio of the whole response. */
  private static double topr(Plain live, Plain detached) {
    return -live.responseMean(
        s -> {
          int[] tokens = live.tokensOf(s);
          if (tokens.length == 0) {
            return 0;
          }
          double log = Arrays.stream(tokens).mapToDouble(t -> Math.log(detached.ratio(t))).sum();
          double a = live.groupNormalised(s);
          double w = a > 0 ? 1 : Math.exp(Math.min(log, 0));
          return w * a * Arrays.stream(tokens).mapToDouble(live::logProb).sum();
        });
  }

  /** For A > 0 the weight is c/sg(c)², c = min(r, 1 + high); above the bound it is detached. */
  private static double aspo(Plain live, Plain detached) {
    double low = 1 - live.set("clip_low");
    double high = 1 + live.set("clip_high");
    double bound = live.set("dual_clip");
    return -live.tokenMean(
        t -> {
          double a = a(live, t);
          double c = a > 0 ? Math.min(live.ratio(t), high) : Math.max(live.ratio(t), low);
          double stopped =
              a > 0 ? Math.min(detached.ratio(t), high) : Math.max(detached.ratio(t), low);
          boolean soft = a > 0 ? stopped * bound < 1 : stopped > bound;
          double weight = a > 0 ? c / stopped / stopped : c;
          return a * (soft ? bound * live.logProb(t) : weight);
        });
  }

  private static double decoupled(Plain p) {
    return -p.tokenMean(
        t -> {
          double engine = p.of(Columns.ROLLOUT_LOG_PROB, t);
          double weight = Math.exp(p.of(Columns.OLD_LOG_PROB, t) - engine);
          return weight <= p.set("behaviour_cap") ? weight * ClippedStatements.clipped(p, t) : 0;
        });
  }

  private static double opsm(Plain live, Plain detached) {
    return -live.tokenMean(
        t -> {
          double away =
              detached.responseTokenMean(
                  detached.response(t),
                  u -> detached.of(Columns.OLD_LOG_PROB, u) - detached.logProb(u));
          boolean dropped = a(live, t) < 0 && away > live.set("opsm_delta");
          return dropped ? 0 : ClippedStatements.clipped(live, t);
        });
  }

  private static double vapo(Plain p) {
    int[] correct =
        IntStream.range(0, p.tokens()).filter(t -> p.reward(p.response(t)) > 0).toArray();
    return -p.tokenMean(t -> ClippedStatements.clipped(p, t))
        - p.set("nll_coef") * Plain.mean(correct, p::logProb);
  }

  /** φ(w)·A·log π, φ(w) = e^λ·w^k·e^(−λw), w the detached product of a response's ratios. */
  private static double vespo(Plain live, Plain detached) {
    return -live.tokenMean(
        t -> {
          double sum =
              Arrays.stream(detached.tokensOf(detached.response(t)))
                  .mapToDouble(u -> Plain.clip(Math.log(detached.ratio(u)), -20, 20))
                  .sum();
          double log = Plain.clip(sum, Math.log(1e-8), 20);
          boolean good = a(live, t) >= 0;
          double k = live.set(good ? "k_pos" : "k_neg");
          double lambda = live.set(good ? "lambda_pos" : "lambda_neg");
          double phi = Math.exp(lambda + k * log - lambda * Math.exp(log));
          return phi * score(live, t);
        });
  }
}
