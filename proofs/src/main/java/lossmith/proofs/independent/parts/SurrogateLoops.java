package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Columns;

/** Surrogate objectives per token, from the advantage. */
final class SurrogateLoops {
  private SurrogateLoops() {}

  /** A number of each token, from its advantage. */
  interface Raised {
    double[] of(Scene s, double[] a);
  }

  static Map<String, Raised> all() {
    return LinkedHashMap.<String, Raised>of("clip", (s, a) -> clipped(s, "clip", a, 0.2, 0.2))
        .put("log-prob", (s, a) -> s.tokens(t -> a[t] * s.logProb(t)))
        .put("ratio", (s, a) -> s.tokens(t -> a[t] * s.ratio(t)))
        .put("clip-higher", (s, a) -> clipped(s, "clip-higher", a, 0.2, 0.28))
        .put("dual-clip", SurrogateLoops::dualClip)
        .put("held-ratio", SurrogateLoops::detachedRatio)
        .put("sequence-clip", SurrogateLoops::sequenceClip)
        .put("soft-gate", SurrogateLoops::softGate)
        .put("held-ratio-tapered", SurrogateLoops::tapered)
        .put("held-ratio-inside", SurrogateLoops::detachedInside)
        .put("ratio-near", SurrogateLoops::near)
        .put("ratio-near-or-back", SurrogateLoops::nearOrBack)
        .put("clip-interpolated", SurrogateLoops::interpolated)
        .put("clip-aligned", SurrogateLoops::aligned);
  }

  /** min(r A, clip(r, 1 − low, 1 + high) A). */
  private static double pessimistic(double r, double a, double low, double high) {
    return Math.min(r * a, Scene.clip(r, 1 - low, 1 + high) * a);
  }

  private static double low(Scene s, String part, double otherwise) {
    return s.set(part, "clip_low", otherwise);
  }

  private static double high(Scene s, String part, double otherwise) {
    return s.set(part, "clip_high", otherwise);
  }

  private static double[] clipped(Scene s, String part, double[] a, double low, double high) {
    return s.tokens(t -> pessimistic(s.ratio(t), a[t], low(s, part, low), high(s, part, high)));
  }

  private static double[] dualClip(Scene s, double[] a) {
    double bound = s.set("dual-clip", "dual_clip", 3);
    double[] clipped = clipped(s, "dual-clip", a, 0.2, 0.2);
    return s.tokens(t -> a[t] < 0 ? Math.max(clipped[t], bound * a[t]) : clipped[t]);
  }

  private static double[] detachedRatio(Scene s, double[] a) {
    double low = low(s, "held-ratio", 0.2);
    double high = high(s, "held-ratio", 0.2);
    return s.tokens(t -> Scene.clip(s.detachedRatio(t), 1 - low, 1 + high) * a[t] * s.logProb(t));
  }

  private static double[] sequenceClip(Scene s, double[] a) {
    double low = low(s, "sequence-clip", 3e-4);
    double high = high(s, "sequence-clip", 4e-4);
    return s.tokens(
        t -> {
          double r = Math.exp(Scene.mean(s.siblings(t), u -> s.logProb(u) - s.old(u)));
          return pessimistic(r, a[t], low, high);
        });
  }

  private static double[] softGate(Scene s, double[] a) {
    double up = s.set("soft-gate", "tau_pos", 1);
    double down = s.set("soft-gate", "tau_neg", 1.05);
    return s.tokens(
        t -> {
          double tau = a[t] > 0 ? up : down;
          return 4 / (1 + Math.exp(-tau * (s.ratio(t) - 1))) / tau * a[t];
        });
  }

  private static double[] tapered(Scene s, double[] a) {
    return s.tokens(
        t -> {
          boolean good = s.reward(s.live().response(t)) > 0;
          return (good ? 1 : Math.min(s.detachedRatio(t), 1)) * a[t] * s.logProb(t);
        });
  }

  private static double[] detachedInside(Scene s, double[] a) {
    double low = low(s, "held-ratio-inside", 0.2);
    double high = high(s, "held-ratio-inside", 0.2);
    return s.tokens(
        t -> {
          double r = s.detachedRatio(t);
          return r >= 1 - low && r <= 1 + high ? r * a[t] * s.logProb(t) : 0;
        });
  }

  /** π − π_old, detached. */
  private static double moved(Scene s, int t) {
    return Math.exp(s.detached().logProb(t)) - Math.exp(s.old(t));
  }

  private static double[] near(Scene s, double[] a) {
    double range = s.set("ratio-near", "probability_range", 0.1);
    return s.tokens(t -> Math.abs(moved(s, t)) <= range ? s.ratio(t) * a[t] : 0);
  }

  private static double[] nearOrBack(Scene s, double[] a) {
    double range = s.set("ratio-near-or-back", "probability_range", 0.2);
    return s.tokens(t -> moved(s, t) * Math.signum(a[t]) <= range ? s.ratio(t) * a[t] : 0);
  }

  private static double[] interpolated(Scene s, double[] a) {
    String part = "clip-interpolated";
    double cap = s.set(part, "behaviour_cap", 5);
    return s.tokens(
        t -> {
          double updates = Math.max(1, s.live().of("staleness", t));
          double moved = (s.detached().logProb(t) - s.old(t)) * (1 - 1 / updates);
          double weight = Math.exp(moved);
          double r = Math.exp(s.logProb(t) - s.old(t) - moved);
          double x = pessimistic(r, a[t], low(s, part, 0.2), high(s, part, 0.2));
          return weight <= cap ? weight * x : 0;
        });
  }

  private static double[] aligned(Scene s, double[] a) {
    String part = "clip-aligned";
    double most = s.set(part, "total_variation", 0.2);
    double[] clipped = clipped(s, part, a, 0.2, 0.2);
    return s.tokens(
        t -> {
          double distance =
              Scene.mean(
                  s.siblings(t),
                  u ->
                      Math.abs(
                          Math.exp(
                                  Scene.clip(
                                      s.old(u) - s.live().of(Columns.ROLLOUT_LOG_PROB, u), -10, 10))
                              - 1));
          boolean away = s.drift(t) * Math.signum(a[t]) > 0;
          return distance > most && away ? 0 : clipped[t];
        });
  }
}
