package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.stream.IntStream;

/** Objectives in which the policy's own uncertainty is a weight, a mask or a reward. */
final class EntropyStatements {
  private EntropyStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("entropy-shaped", (live, detached) -> -live.tokenMean(t -> shaped(live, detached, t)))
        .put("forking-tokens", EntropyStatements::forking)
        .put("self-certainty", (live, detached) -> internal(live, feedback(detached, "certainty")))
        .put("token-entropy", (live, detached) -> internal(live, feedback(detached, "entropy")))
        .put(
            "trajectory-entropy",
            (live, detached) -> internal(live, feedback(detached, "log-prob")));
  }

  /** A + min(α·sg(H), |A| / κ) (eqs 8 and 9). */
  static double bonus(Plain p, Plain detached, double a, int t) {
    return a + Math.min(p.set("alpha") * detached.entropy(t), Math.abs(a) / p.set("kappa"));
  }

  private static double shaped(Plain live, Plain detached, int t) {
    double a = bonus(live, detached, live.groupNormalised(live.response(t)), t);
    return ClippedStatements.clipped(live, live.ratio(t), a);
  }

  /** The tokens whose entropy is not below the quantile 1 − ρ of all. */
  static int[] forks(Plain p, Plain detached) {
    double[] sorted =
        IntStream.range(0, p.tokens()).mapToDouble(detached::entropy).sorted().toArray();
    double place = (1 - p.set("rho")) * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    double bound = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    return IntStream.range(0, p.tokens()).filter(t -> detached.entropy(t) >= bound).toArray();
  }

  private static double forking(Plain live, Plain detached) {
    return -Plain.mean(forks(live, detached), t -> ClippedStatements.clipped(live, t));
  }

  /** One number per response, of the detached policy. */
  private static double[] feedback(Plain detached, String kind) {
    int width = detached.vocabulary();
    return IntStream.range(0, detached.responses())
        .mapToDouble(
            s ->
                detached.responseTokenMean(
                    s,
                    t ->
                        switch (kind) {
                          case "certainty" ->
                              -IntStream.range(0, width)
                                  .mapToDouble(v -> detached.logPi(t, v))
                                  .average()
                                  .orElse(0);
                          case "entropy" -> -detached.entropy(t);
                          default -> detached.logProb(t);
                        }))
        .toArray();
  }

  private static double internal(Plain p, double[] feedback) {
    return -p.groupMean(
        t -> ClippedStatements.clipped(p, p.ratio(t), p.normalised(feedback, p.response(t))));
  }
}
