package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives with one ratio per response, or a gate in the place of a bound. */
final class SequenceStatements {
  private SequenceStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("gspo", SequenceStatements::gspo)
        .put("gspo-sequence", (live, detached) -> sequences(live, false))
        .put("luspo", (live, detached) -> sequences(live, true))
        .put("gmpo", (live, detached) -> gmpo(live))
        .put("sapo", (live, detached) -> sapo(live));
  }

  private static double logRatio(Plain p, int t) {
    return p.logProb(t) - p.of(Columns.OLD_LOG_PROB, t);
  }

  /** GSPO-token: s·π/sg(π) with s = sg((π(y)/π_old(y))^(1/|y|)). */
  private static double gspo(Plain live, Plain detached) {
    return -live.responseMean(
        s ->
            live.responseTokenMean(
                s,
                t -> {
                  double mean = detached.responseTokenMean(s, u -> logRatio(detached, u));
                  double log = live.logProb(t) - detached.logProb(t) + mean;
                  double ratio = Math.exp(log);
                  return ClippedStatements.clipped(live, ratio, live.groupNormalised(s));
                }));
  }

  /** min(s·A, clip(s)·A) per response, times its length where wanted; mean over each prompt. */
  private static double sequences(Plain p, boolean byLength) {
    return -Plain.mean(
        IntStream.range(0, p.prompts()).toArray(),
        g ->
            Plain.mean(
                p.responsesTo(g),
                s -> {
                  double a = p.tokensOf(s).length == 0 ? 0 : p.groupNormalised(s);
                  double ratio = Math.exp(p.responseTokenMean(s, t -> logRatio(p, t)));
                  double x = ClippedStatements.clipped(p, ratio, a);
                  return byLength ? x * p.tokensOf(s).length : x;
                }));
  }

  /** (Π min(r, 1 + high) or max(r, 1 − low))^(1/|y|)·A on the log scale. */
  private static double gmpo(Plain p) {
    return -p.responseMean(
        s -> {
          int[] tokens = p.tokensOf(s);
          if (tokens.length == 0) {
            return 0;
          }
          double a = p.groupNormalised(s);
          double sum =
              Arrays.stream(tokens)
                  .mapToDouble(
                      t -> {
                        double d = logRatio(p, t);
                        return a > 0
                            ? Math.min(d, p.set("clip_high"))
                            : Math.max(d, -p.set("clip_low"));
                      })
                  .sum();
          return Math.exp(sum / tokens.length) * a;
        });
  }

  /** A·4/τ·σ(τ(r − 1)). */
  private static double sapo(Plain p) {
    return -p.responseMean(
        s ->
            p.responseTokenMean(
                s,
                t -> {
                  double a = p.groupNormalised(s);
                  double tau = a > 0 ? p.set("tau_pos") : p.set("tau_neg");
                  return a * 4 / tau / (1 + Math.exp(-tau * (p.ratio(t) - 1)));
                }));
  }
}
