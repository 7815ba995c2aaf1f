package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives that read what a critic says of states or of actions. */
final class ActorStatements {
  private ActorStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("qpg", (p, detached) -> -weighed(p, detached, x -> x))
        .put("rmpg", (p, detached) -> -weighed(p, detached, x -> Math.max(x, 0)))
        .put("rpg", (p, detached) -> p.tokenMean(t -> regret(p, t)))
        .put("mpo", ActorStatements::mpo)
        .put("v-mpo", ActorStatements::vMpo)
        .put("ppo-actor-critic", (p, detached) -> actorCritic(p))
        .put("value-clipped", (p, detached) -> p.tokenMean(t -> clippedValue(p, t)));
  }

  private static double q(Plain p, int t, int v) {
    return p.of("action_value", t, v);
  }

  private static IntStream vocabulary(Plain p) {
    return IntStream.range(0, p.vocabulary());
  }

  private static double expected(Plain p, int t) {
    return vocabulary(p).mapToDouble(v -> Math.exp(p.logPi(t, v)) * q(p, t, v)).sum();
  }

  private static double weighed(Plain p, Plain detached, DoubleUnaryOperator f) {
    return p.tokenMean(
        t ->
            vocabulary(p)
                .mapToDouble(
                    v ->
                        Math.exp(p.logPi(t, v))
                            * f.applyAsDouble(q(p, t, v) - expected(detached, t)))
                .sum());
  }

  private static double regret(Plain p, int t) {
    double baseline = expected(p, t);
    return vocabulary(p).mapToDouble(v -> Math.max(q(p, t, v) - baseline, 0)).sum();
  }

  private static double mpo(Plain p, Plain detached) {
    double eta = p.of("dual_temperature", 0);
    double fit = p.tokenMean(t -> -overImproved(p, detached, t));
    double dual = eta * (p.set("epsilon_eta") + p.tokenMean(t -> Math.log(normaliser(p, t, eta))));
    return fit + dual + trustRegion(p, detached);
  }

  private static double normaliser(Plain p, int t, double eta) {
    return vocabulary(p).mapToDouble(v -> improved(p, t, v, eta)).sum();
  }

  private static double improved(Plain p, int t, int v, double eta) {
    return Math.exp(p.referenceLogPi(t, v)) * Math.exp(q(p, t, v) / eta);
  }

  private static double overImproved(Plain p, Plain detached, int t) {
    double eta = detached.of("dual_temperature", 0);
    return vocabulary(p).mapToDouble(v -> improved(detached, t, v, eta) * p.logPi(t, v)).sum()
        / normaliser(detached, t, eta);
  }

  private static double trustRegion(Plain p, Plain detached) {
    return p.of("dual_multiplier", 0) * (p.set("epsilon_alpha") - divergence(detached))
        + detached.of("dual_multiplier", 0) * divergence(p);
  }

  private static double divergence(Plain p) {
    return p.tokenMean(
        t ->
            vocabulary(p)
                .mapToDouble(
                    v ->
                        Math.exp(p.referenceLogPi(t, v)) * (p.referenceLogPi(t, v) - p.logPi(t, v)))
                .sum());
  }

  private static double vMpo(Plain p, Plain detached) {
    double[] a = advantages(p);
    int k = Math.max(1, (int) Math.floor(p.set("top_share") * p.tokens()));
    int[] better =
        IntStream.range(0, p.tokens())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer t) -> 0 - a[t])) // -0 is a tie of 0
            .limit(k)
            .mapToInt(t -> t)
            .toArray();
    double eta = p.of("dual_temperature", 0);
    double etaDetached = detached.of("dual_temperature", 0);
    double all = Arrays.stream(better).mapToDouble(t -> Math.exp(a[t] / etaDetached)).sum();
    double policy =
        -Arrays.stream(better)
            .mapToDouble(t -> Math.exp(a[t] / etaDetached) / all * p.logProb(t))
            .sum();
    double dual =
        eta * (p.set("epsilon_eta") + Math.log(Plain.mean(better, t -> Math.exp(a[t] / eta))));
    return policy + dual + trustRegion(p, detached);
  }

  private static double[] advantages(Plain p) {
    double[] a = new double[p.tokens()];
    for (int s = 0; s < p.responses(); s++) {
      int[] tokens = p.tokensOf(s);
      double after = 0;
      double nextValue = 0;
      for (int i = tokens.length - 1; i >= 0; i--) {
        int t = tokens[i];
        double value = p.of(Columns.VALUE, t);
        after = p.of(Columns.TOKEN_REWARD, t) + nextValue - value + 0.95 * after;
        nextValue = value;
        a[t] = after;
      }
    }
    return a;
  }

  private static double actorCritic(Plain p) {
    return -p.tokenMean(
        t -> {
          double target = p.of("return", t);
          double a = target - p.of("old_value", t);
          double r = p.ratio(t);
          double clipped = Plain.clip(r, 1 - p.set("clip_low"), 1 + p.set("clip_high"));
          return Math.min(r * a, clipped * a)
              - p.set("value_coefficient") * Math.pow(p.of(Columns.VALUE, t) - target, 2)
              + p.set("entropy_coefficient") * p.entropy(t);
        });
  }

  private static double clippedValue(Plain p, int t) {
    double value = p.of(Columns.VALUE, t);
    double old = p.of("old_value", t);
    double range = p.set("value_range");
    double clipped = Plain.clip(value, old - range, old + range);
    double target = p.of("return", t);
    return 0.5 * Math.max(Math.pow(value - target, 2), Math.pow(clipped - target, 2));
  }
}
