package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.stream.IntStream;

/** Divergences between the policy and a teacher, summed over the vocabulary. */
final class DistillationStatements {
  private DistillationStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put(
            "distil-forward-kl",
            (live, held) ->
                live.tokenMean(t -> over(live, (log, ref) -> Math.exp(ref) * (ref - log), t)))
        .put(
            "distil-reverse-kl",
            (live, held) ->
                live.tokenMean(t -> over(live, (log, ref) -> Math.exp(log) * (log - ref), t)))
        .put("distil-top-k", (live, held) -> live.tokenMean(t -> topK(live, t)))
        .put(
            "distil-tvd",
            (live, held) ->
                live.tokenMean(
                    t -> over(live, (log, ref) -> Math.abs(Math.exp(log) - Math.exp(ref)), t) / 2))
        .put("distil-jsd", (live, held) -> live.tokenMean(t -> jsd(live, t)));
  }

  private static double over(Plain p, java.util.function.DoubleBinaryOperator f, int t) {
    double sum = 0;
    for (int v = 0; v < p.vocabulary(); v++) {
      sum += f.applyAsDouble(p.logPi(t, v), p.referenceLogPi(t, v));
    }
    return sum;
  }

  private static double topK(Plain p, int t) {
    double sum = 0;
    for (int v = 0; v < p.vocabulary(); v++) {
      double ref = p.referenceLogPi(t, v);
      long before =
          IntStream.range(0, p.vocabulary()).filter(w -> p.referenceLogPi(t, w) > ref).count();
      sum += before < p.set("k") ? Math.exp(ref) * (ref - p.logPi(t, v)) : 0;
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
