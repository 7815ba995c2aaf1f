package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.stream.IntStream;

/** Objectives in which the policy's own uncertainty is a weight, a mask or a reward. */
final class EntropyStatements {
  private EntropyStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("entropy-shaped", (live, held) -> -live.tokenMean(t -> shaped(live, held, t)))
        .put("forking-tokens", EntropyStatements::forking)
        .put("self-certainty", (live, held) -> internal(live, feedback(held, "certainty")))
        .put("token-entropy", (live, held) -> internal(live, feedback(held, "entropy")))
        .put("trajectory-entropy", (live, held) -> internal(live, feedback(held, "log-prob")));
  }

  /** A + min(α·sg(H), |A| / κ) (eqs 8 and 9). */
  static double bonus(Plain p, Plain held, double a, int t) {
    return a + Math.min(p.set("alpha") * held.entropy(t), Math.abs(a) / p.set("kappa"));
  }

  private static double shaped(Plain live, Plain held, int t) {
    double a = bonus(live, held, live.groupNormalised(live.response(t)), t);
    return ClippedStatements.clipped(live, live.ratio(t), a);
  }

  /** The tokens whose entropy is not below the quantile 1 − ρ of all. */
  static int[] forks(Plain p, Plain held) {
    double[] sorted = IntStream.range(0, p.tokens()).mapToDouble(held::entropy).sorted().toArray();
    double place = (1 - p.set("rho")) * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    double bound = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    return IntStream.range(0, p.tokens()).filter(t -> held.entropy(t) >= bound).toArray();
  }

  private static double forking(Plain live, Plain held) {
    return -Plain.mean(forks(live, held), t -> ClippedStatements.clipped(live, t));
  }

  /** One number per response, of the held policy. */
  private static double[] feedback(Plain held, String kind) {
    int width = held.vocabulary();
    return IntStream.range(0, held.responses())
        .mapToDouble(
            s ->
                held.responseTokenMean(
                    s,
                    t ->
                        switch (kind) {
                          case "certainty" ->
                              -IntStream.range(0, width)
                                  .mapToDouble(v -> held.logPi(t, v))
                                  .average()
                                  .orElse(0);
                          case "entropy" -> -held.entropy(t);
                          default -> held.logProb(t);
                        }))
        .toArray();
  }

  private static double internal(Plain p, double[] feedback) {
    return -p.groupMean(
        t -> ClippedStatements.clipped(p, p.ratio(t), p.normalised(feedback, p.response(t))));
  }
}
