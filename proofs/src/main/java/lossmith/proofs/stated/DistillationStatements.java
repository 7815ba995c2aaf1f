package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Divergences between the policy and a teacher, summed over the vocabulary. */
final class DistillationStatements {
  private DistillationStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("distil-forward-kl", (live, detached) -> live.tokenMean(t -> forward(live, t)))
        .put("distil-reverse-kl", (live, detached) -> live.tokenMean(t -> reverse(live, t)))
        .put("distil-top-k", (live, detached) -> live.tokenMean(t -> topK(live, t)))
        .put(
            "distil-tvd",
            (live, detached) ->
                live.tokenMean(
                    t -> over(live, (log, ref) -> Math.abs(Math.exp(log) - Math.exp(ref)), t) / 2))
        .put("distil-jsd", (live, detached) -> live.tokenMean(t -> jsd(live, t)))
        .put("distil-mixed-kl", (live, detached) -> live.tokenMean(t -> mixed(live, t)))
        .put(
            "distil-adaptive-kl",
            (live, detached) ->
                live.tokenMean(
                    t -> {
                      double w = shareOfTail(detached, t);
                      return (1 - w) * forward(live, t) + w * reverse(live, t);
                    }))
        .put(
            "distil-skew-forward",
            (live, detached) -> live.tokenMean(t -> skewed(live, t, live.set("skew"), true)))
        .put(
            "distil-skew-reverse",
            (live, detached) -> live.tokenMean(t -> skewed(live, t, 1 - live.set("skew"), false)))
        .put("distil-top-k-reverse", (live, detached) -> live.tokenMean(t -> fewReverse(live, t)))
        .put(
            "distil-top-k-mixed",
            (live, detached) ->
                live.tokenMean(
                    t ->
                        live.set("forward_weight") * fewForward(live, t)
                            + (1 - live.set("forward_weight")) * fewReverse(live, t)))
        .put("distil-top-k-tail", (live, detached) -> live.tokenMean(t -> withTail(live, t)))
        .put("distil-uld", (live, detached) -> live.tokenMean(t -> sorted(live, t)));
  }

  private static double forward(Plain p, int t) {
    return over(p, (log, ref) -> Math.exp(ref) * (ref - log), t);
  }

  static double reverse(Plain p, int t) {
    return over(p, (log, ref) -> log > -1e300 ? Math.exp(log) * (log - ref) : 0, t);
  }

  private static double mixed(Plain p, int t) {
    double weight = p.set("forward_weight");
    return weight * forward(p, t) + (1 - weight) * reverse(p, t);
  }

  /** How much of Σ|π − P| lies where all that P finds no more probable has tail_mass at most. */
  private static double shareOfTail(Plain p, int t) {
    double[] teacher = new double[p.vocabulary()];
    Arrays.setAll(teacher, v -> Math.exp(p.referenceLogPi(t, v)));
    double[] gap = new double[teacher.length];
    Arrays.setAll(gap, v -> Math.abs(Math.exp(p.logPi(t, v)) - teacher[v]));
    double all = Arrays.stream(gap).sum();
    double tail =
        IntStream.range(0, gap.length)
            .filter(
                v ->
                    Arrays.stream(teacher).filter(x -> x <= teacher[v]).sum() <= p.set("tail_mass"))
            .mapToDouble(v -> gap[v])
            .sum();
    return all > 0 ? tail / all : 0.5;
  }

  /** The divergence of the teacher, or of the policy, from share·P + (1 − share)·π. */
  private static double skewed(Plain p, int t, double share, boolean ofTeacher) {
    return over(
        p,
        (log, ref) -> {
          double mixed = Math.log(share * Math.exp(ref) + (1 - share) * Math.exp(log));
          double own = ofTeacher ? ref : log;
          return own > -1e300 ? Math.exp(own) * (own - mixed) : 0;
        },
        t);
  }

  private static double sorted(Plain p, int t) {
    double[] policy = new double[p.vocabulary()];
    double[] teacher = new double[p.vocabulary()];
    Arrays.setAll(policy, v -> Math.exp(p.logPi(t, v)));
    Arrays.setAll(teacher, v -> Math.exp(p.referenceLogPi(t, v)));
    Arrays.sort(policy);
    Arrays.sort(teacher);
    return IntStream.range(0, policy.length)
        .mapToDouble(i -> Math.abs(policy[i] - teacher[i]))
        .sum();
  }

  private static double over(Plain p, java.util.function.DoubleBinaryOperator f, int t) {
    double sum = 0;
    for (int v = 0; v < p.vocabulary(); v++) {
      sum += f.applyAsDouble(p.logPi(t, v), p.referenceLogPi(t, v));
    }
    return sum;
  }

  private static boolean likely(Plain p, int t, int v) {
    double ref = p.referenceLogPi(t, v);
    return IntStream.range(0, p.vocabulary()).filter(w -> p.referenceLogPi(t, w) > ref).count()
        < p.set("k");
  }

  private static double likely(Plain p, int t, IntToDoubleFunction x) {
    return IntStream.range(0, p.vocabulary()).filter(v -> likely(p, t, v)).mapToDouble(x).sum();
  }

  private static double topK(Plain p, int t) {
    return likely(
        p, t, v -> Math.exp(p.referenceLogPi(t, v)) * (p.referenceLogPi(t, v) - p.logPi(t, v)));
  }

  /** The divergence of k + 1 events: each of the teacher's k entries, and any other one. */
  private static double withTail(Plain p, int t) {
    double sum = 0;
    double teacher = 0;
    double policy = 0;
    for (int v = 0; v < p.vocabulary(); v++) {
      if (likely(p, t, v)) {
        sum += Math.exp(p.referenceLogPi(t, v)) * (p.referenceLogPi(t, v) - p.logPi(t, v));
      } else {
        teacher += Math.exp(p.referenceLogPi(t, v));
        policy += Math.exp(p.logPi(t, v));
      }
    }
    return teacher > 0 ? sum + teacher * Math.log(teacher / policy) : sum;
  }

  /** How much more probable the teacher's k entries are where they are all that there is. */
  private static double mass(Plain p, int t) {
    return likely(p, t, v -> Math.exp(p.referenceLogPi(t, v)));
  }

  private static double fewForward(Plain p, int t) {
    double mass = mass(p, t);
    return likely(
        p,
        t,
        v -> {
          double teacher = Math.exp(p.referenceLogPi(t, v)) / mass;
          return teacher * (Math.log(teacher) - p.logPi(t, v));
        });
  }

  private static double fewReverse(Plain p, int t) {
    double log = Math.log(mass(p, t));
    double sum = 0;
    for (int v = 0; v < p.vocabulary(); v++) {
      double own = p.logPi(t, v);
      double teacher = likely(p, t, v) ? p.referenceLogPi(t, v) - log : -100;
      sum += own > -1e300 ? Math.exp(own) * (own - teacher) : 0;
    }
    return sum;
  }

  /** β·KL(P ‖ M) + (1 − β)·KL(π ‖ M), M = βP + (1 − β)π, P the teacher. */
  private static double jsd(Plain p, int t) {
    double beta = p.set("beta");
    return over(
        p,
        (log, ref) -> {
          double teacher = Math.exp(ref);
          double policy = Math.exp(log);
          double mixed = Math.log(beta * teacher + (1 - beta) * policy);
          return beta * teacher * (ref - mixed) + (1 - beta) * policy * (log - mixed);
        },
        t);
  }
}
