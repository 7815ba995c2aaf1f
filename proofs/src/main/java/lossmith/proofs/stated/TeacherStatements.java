package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives in which a teacher, the reference, judges what the policy sampled. */
final class TeacherStatements {
  private TeacherStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("opd", (live, detached) -> -live.tokenMean(t -> live.ratio(t) * gap(live, t)))
        .put("iw-opd", (live, detached) -> -live.tokenMean(t -> early(live, t) * live.logProb(t)))
        .put("minillm", (live, detached) -> miniLlm(live))
        .put("sdpo", TeacherStatements::sdpo);
  }

  private static double gap(Plain p, int t) {
    double d = p.of(Columns.REFERENCE_LOG_PROB, t) - p.of(Columns.OLD_LOG_PROB, t);
    return Plain.clip(d, -20, 20);
  }

  private static double early(Plain p, int token) {
    double before = 0;
    double whole = 0;
    boolean passed = false;
    for (int t : p.tokensOf(p.response(token))) {
      passed |= t == token;
      before += passed ? 0 : Math.abs(gap(p, t));
      whole += Math.abs(gap(p, t));
    }
    double share = whole > 0 ? before / whole : 0;
    return (1 + p.set("amplification") * (1 - share)) * gap(p, token);
  }

  private static double miniLlm(Plain p) {
    return p.tokenMean(
        t -> {
          int[] response = p.tokensOf(p.response(t));
          int[] after = Arrays.stream(response).dropWhile(u -> u != t).skip(1).toArray();
          double a = Plain.mean(after, u -> gap(p, u));
          return DistillationStatements.reverse(p, t) - ClippedStatements.clipped(p, p.ratio(t), a);
        });
  }

  private static double sdpo(Plain live, Plain detached) {
    return live.responseMean(
        s ->
            live.responseTokenMean(
                s,
                t ->
                    Math.min(detached.ratio(t), live.set("ratio_max"))
                        * bucketed(live, detached, t)));
  }

  private static double bucketed(Plain live, Plain detached, int t) {
    double alpha = live.set("alpha");
    double sum = 0;
    double p = 0;
    double q = 0;
    for (int v = 0; v < live.vocabulary(); v++) {
      double x = Math.exp(live.referenceLogPi(t, v));
      double y = Math.exp(live.logPi(t, v));
      if (before(detached, t, v) < live.set("k")) {
        sum += jensenShannon(alpha, x, y);
      } else {
        p += x;
        q += y;
      }
    }
    return sum + jensenShannon(alpha, Math.max(p, 1e-7), Math.max(q, 1e-7));
  }

  private static long before(Plain p, int t, int v) {
    return IntStream.range(0, p.vocabulary())
        .filter(w -> p.logPi(t, w) > p.logPi(t, v) || (w < v && p.logPi(t, w) == p.logPi(t, v)))
        .count();
  }

  private static double jensenShannon(double alpha, double p, double q) {
    double mixed = alpha * p + (1 - alpha) * q;
    return alpha * part(p, mixed) + (1 - alpha) * part(q, mixed);
  }

  private static double part(double p, double mixed) {
    return p > 0 ? p * Math.log(p / mixed) : 0;
  }
}
