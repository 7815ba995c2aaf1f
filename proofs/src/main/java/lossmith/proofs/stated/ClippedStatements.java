package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives whose importance ratio of each token is clipped, capped or masked. */
final class ClippedStatements {
  private ClippedStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("ppo", (live, detached) -> -live.tokenMean(t -> clipped(live, t)))
        .put("grpo", (live, detached) -> -live.groupMean(t -> clipped(live, t)))
        .put("dapo-as-printed", (live, detached) -> -live.groupMean(t -> clipped(live, t)))
        .put("dapo", (live, detached) -> dapo(live))
        .put("cispo", ClippedStatements::cispo)
        .put("ppo-token-is", (live, detached) -> tokenIs(live))
        .put("dppo-tv", (live, detached) -> dppo(live, detached, ClippedStatements::totalVariation))
        .put(
            "dppo-kl",
            (live, detached) -> dppo(live, detached, ClippedStatements::binaryDivergence))
        .put("prorl", (live, detached) -> proRl(live));
  }

  private static double a(Plain p, int t) {
    return p.groupNormalised(p.response(t));
  }

  /** min(r·A, clip(r, 1 − low, 1 + high)·A). */
  static double clipped(Plain p, int t) {
    return clipped(p, p.ratio(t), a(p, t));
  }

  static double clipped(Plain p, double r, double a) {
    double clipped = Plain.clip(r, 1 - p.set("clip_low"), 1 + p.set("clip_high"));
    return Math.min(r * a, clipped * a);
  }

  /** The mean over the tokens of prompts whose rewards differ by more than rounding. */
  private static double informativeMean(Plain p, IntToDoubleFunction x) {
    int[] kept =
        IntStream.range(0, p.tokens())
            .filter(t -> p.informative(p.prompt(p.response(t))))
            .toArray();
    return Plain.mean(kept, x);
  }

  /** DAPO, eqs 8 and 13: rewards minus the overlong punishment, normalised; token mean. */
  private static double dapo(Plain p) {
    double[] shaped = new double[p.responses()];
    for (int s = 0; s < shaped.length; s++) {
      double expected = p.set("max_length") - p.set("overlong_cache");
      double over = p.tokensOf(s).length - expected;
      double punishment = over <= 0 ? 0 : Math.max(-1, -over / p.set("overlong_cache"));
      shaped[s] = p.reward(s) + punishment;
    }
    return -informativeMean(p, t -> clipped(p, p.ratio(t), p.normalised(shaped, p.response(t))));
  }

  /** sg(clip(r))·A·log π (MiniMax-M1, eqs 4 and 5). */
  private static double cispo(Plain live, Plain detached) {
    double low = 1 - live.set("clip_low");
    double high = 1 + live.set("clip_high");
    return -live.groupMean(
        t -> Plain.clip(detached.ratio(t), low, high) * a(live, t) * live.logProb(t));
  }

  private static double tokenIs(Plain p) {
    return -p.tokenMean(
        t -> {
          double engine = p.of(Columns.ROLLOUT_LOG_PROB, t);
          double weight = Math.exp(p.of(Columns.OLD_LOG_PROB, t) - engine);
          return Math.min(weight, p.set("is_threshold")) * clipped(p, t);
        });
  }

  private static double totalVariation(double p, double old) {
    return Math.abs(p - old);
  }

  private static double binaryDivergence(double p, double old) {
    return old * Math.log(old / p) + (1 - old) * Math.log((1 - old + 1e-8) / (1 - p + 1e-8));
  }

  /** sg(min(r, c))·A·log π, 0 for tokens that moved too far the way A pushes them. */
  private static double dppo(
      Plain live, Plain detached, ToDoubleBiFunction<Double, Double> distance) {
    return -live.tokenMean(
        t -> {
          double p = Math.exp(detached.logProb(t));
          double old = Math.exp(detached.of(Columns.OLD_LOG_PROB, t));
          double moved = distance.applyAsDouble(p, old);
          double a = a(live, t);
          boolean far =
              a > 0
                  ? p > old && moved > live.set("clip_high")
                  : a < 0 && p < old && moved > live.set("clip_low");
          double r = Math.min(detached.ratio(t), live.set("ratio_max"));
          return far ? 0 : r * a * live.logProb(t);
        });
  }

  /** Clip-higher with dynamic sampling and β·k3 towards the reference. */
  private static double proRl(Plain p) {
    return -informativeMean(
        p,
        t -> {
          double d = p.of(Columns.REFERENCE_LOG_PROB, t) - p.logProb(t);
          return clipped(p, t) - p.set("beta") * (Math.exp(d) - d - 1);
        });
  }
}
