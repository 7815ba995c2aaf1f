package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Columns;
import lossmith.proofs.independent.loops.Loops;
import lossmith.proofs.independent.loops.PlainBatch;

/** Penalties per token, added to the loss. */
public final class RegulariserLoops {
  /** KL(π‖π_ref) of a token, which is fed where the policy's numbers per token are. */
  public static final Loops DIVERGENCE = RegulariserLoops::divergence;

  private RegulariserLoops() {}

  /** A number of each token. */
  interface Kept {
    double[] of(Scene s);
  }

  /**
   * A cost.
   *
   * @param coefficient its default coefficient
   * @param critic whether it trains the value alone
   * @param each the cost of each token
   */
  record Cost(double coefficient, boolean critic, Kept each) {}

  /** All; {@code divergence} is the name by which KL(π‖π_ref) is fed. */
  static Map<String, Cost> all(String divergence) {
    return LinkedHashMap.<String, Cost>of("k1", cost(s -> s.tokens(t -> away(s, t))))
        .put("k2", cost(s -> s.tokens(t -> away(s, t) * away(s, t) / 2)))
        .put("k3", cost(s -> s.tokens(t -> k3(-away(s, t)))))
        .put("abs", cost(s -> s.tokens(t -> Math.abs(away(s, t)))))
        .put("k3-straight-through", cost(RegulariserLoops::straightThrough))
        .put("k1-corrected", cost(s -> s.tokens(t -> weight(s, t) * clamped(away(s, t)))))
        .put("k3-corrected", cost(s -> s.tokens(t -> weight(s, t) * k3(clamped(-away(s, t))))))
        .put(
            "squared-log-ratio",
            cost(
                s ->
                    s.tokens(
                        t -> Math.pow(s.logProb(t) - s.live().of(Columns.ROLLOUT_LOG_PROB, t), 2))))
        .put(
            "kl",
            cost(
                s ->
                    s.live().has(divergence)
                        ? s.live().of(divergence).clone()
                        : DIVERGENCE.of(s.live(), s.detached())))
        .put("negative-entropy", cost(s -> s.tokens(t -> -s.live().entropy(t))))
        .put(
            "imitation",
            new Cost(
                0.1,
                false,
                s -> s.tokens(t -> s.reward(s.live().response(t)) > 0 ? -s.logProb(t) : 0)))
        .merge(critics());
  }

  private static Map<String, Cost> critics() {
    return LinkedHashMap.<String, Cost>of(
            "value-error", critic(s -> s.tokens(t -> sq(error(s, t)))))
        .put("value-error-clipped", critic(RegulariserLoops::clipped))
        .put("value-error-decoupled", critic(RegulariserLoops::decoupled))
        .put("value-error-huber", critic(RegulariserLoops::huber))
        .put("value-error-quantile", critic(RegulariserLoops::quantile))
        .put("value-error-expectile", critic(RegulariserLoops::expectile))
        .put("value-error-normalised", critic(RegulariserLoops::normalised));
  }

  private static Cost cost(Kept each) {
    return new Cost(1e-3, false, each);
  }

  private static Cost critic(Kept each) {
    return new Cost(0.5, true, each);
  }

  private static double sq(double x) {
    return x * x;
  }

  /** log π − log π_ref. */
  private static double away(Scene s, int t) {
    return s.logProb(t) - s.reference(t);
  }

  private static double k3(double d) {
    return Math.expm1(d) - d;
  }

  private static double clamped(double x) {
    return Scene.clip(x, -20, 20);
  }

  private static double weight(Scene s, int t) {
    return Math.exp(clamped(s.logProb(t) - s.old(t)));
  }

  private static double[] straightThrough(Scene s) {
    return s.tokens(
        t -> {
          double still = s.detached().logProb(t) - s.reference(t);
          return sq(away(s, t)) / 2 - sq(still) / 2 + k3(-still);
        });
  }

  private static double[] divergence(PlainBatch live, PlainBatch detached) {
    double[] reference = live.of(Columns.REFERENCE_LOG_PI);
    double[] logPi = live.logPi();
    return live.each(
        lossmith.dsl.Level.Name.TOKEN,
        t -> {
          double sum = 0;
          for (int i = t * live.vocabulary(); i < (t + 1) * live.vocabulary(); i++) {
            boolean never = logPi[i] == Double.NEGATIVE_INFINITY;
            sum += never ? 0 : Math.exp(logPi[i]) * (logPi[i] - reference[i]);
          }
          return sum;
        });
  }

  private static double value(Scene s, int t) {
    return s.live().of(Columns.VALUE, t);
  }

  private static double target(Scene s, int t) {
    return s.live().of("return", t);
  }

  private static double error(Scene s, int t) {
    return value(s, t) - target(s, t);
  }

  private static double[] clipped(Scene s) {
    double range = s.set("value-error-clipped", "value_range", 0.2);
    return s.tokens(
        t -> {
          double old = s.live().of("old_value", t);
          double near = Scene.clip(value(s, t), old - range, old + range);
          return Math.max(sq(error(s, t)), sq(near - target(s, t))) / 2;
        });
  }

  private static double[] decoupled(Scene s) {
    return s.tokens(
        t -> {
          double toGo = 0;
          for (int u : s.siblings(t)) {
            toGo += u >= t ? s.live().of(Columns.TOKEN_REWARD, u) : 0;
          }
          return sq(value(s, t) - toGo);
        });
  }

  private static double[] huber(Scene s) {
    double delta = s.set("value-error-huber", "huber_delta", 10);
    return s.tokens(
        t -> {
          double x = Math.abs(error(s, t));
          return x <= delta ? x * x / 2 : delta * (x - delta / 2);
        });
  }

  private static double tilt(Scene s, int t, double tau) {
    return error(s, t) < 0 ? tau : 1 - tau;
  }

  private static double[] quantile(Scene s) {
    double tau = s.set("value-error-quantile", "quantile", 0.7);
    return s.tokens(t -> tilt(s, t, tau) * Math.abs(error(s, t)));
  }

  private static double[] expectile(Scene s) {
    double tau = s.set("value-error-expectile", "expectile", 0.7);
    return s.tokens(t -> tilt(s, t, tau) * sq(error(s, t)));
  }

  private static double[] normalised(Scene s) {
    double shift = s.set("value-error-normalised", "value_shift", 0);
    double scale = s.set("value-error-normalised", "value_scale", 1);
    return s.tokens(t -> sq(value(s, t) - (target(s, t) - shift) / scale) / 2);
  }
}
