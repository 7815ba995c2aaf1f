package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Objectives that treat a few selected tokens differently. */
final class SelectionStatements {
  private SelectionStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("clip-cov", SelectionStatements::clipCov)
        .put(
            "clip-cov-given",
            (live, detached) ->
                -live.tokenMean(
                    t -> live.of("selected", t) > 0 ? 0 : ClippedStatements.clipped(live, t)))
        .put("kl-cov", SelectionStatements::klCov)
        .put("m2po", SelectionStatements::m2po)
        .put("unified", SelectionStatements::unified);
  }

  /** (A − mean A)(log π − mean log π) of the detached policy. */
  private static double[] covariances(Plain detached, IntToDoubleFunction a) {
    double meanA = detached.tokenMean(a);
    double meanLog = detached.tokenMean(detached::logProb);
    return IntStream.range(0, detached.tokens())
        .mapToDouble(t -> (a.applyAsDouble(t) - meanA) * (detached.logProb(t) - meanLog))
        .toArray();
  }

  /** The tokens with the k largest keys. */
  private static Set<Integer> largest(IntStream of, IntToDoubleFunction key, double k) {
    return of.boxed()
        .sorted(Comparator.comparingDouble(t -> 0 - key.applyAsDouble(t))) // -0 is a tie of 0
        .limit((long) k)
        .collect(Collectors.toSet());
  }

  private static double share(Plain p) {
    return Math.max(1, Math.floor(p.tokens() * p.set("cov_share")));
  }

  /** Random tokens of high covariance that clipping leaves alone have no gradient. */
  private static double clipCov(Plain live, Plain detached) {
    double[] cov = covariances(detached, t -> detached.groupNormalised(detached.response(t)));
    IntStream candidates =
        IntStream.range(0, live.tokens())
            .filter(t -> cov[t] > live.set("cov_low") && cov[t] < live.set("cov_high"))
            .filter(
                t -> {
                  double a = detached.groupNormalised(detached.response(t));
                  return ClippedStatements.clipped(detached, t) >= detached.ratio(t) * a;
                });
    Set<Integer> dropped = largest(candidates, live::draw, share(live));
    return -live.tokenMean(t -> dropped.contains(t) ? 0 : ClippedStatements.clipped(live, t));
  }

  /** r·A, minus the coefficient times |log r| for the tokens of the highest covariance. */
  private static double klCov(Plain live, Plain detached) {
    IntToDoubleFunction a = t -> live.groupNormalised(live.response(t));
    double[] cov = covariances(detached, a);
    Set<Integer> top = largest(IntStream.range(0, live.tokens()), t -> cov[t], share(live));
    return -live.tokenMean(
        t -> live.ratio(t) * a.applyAsDouble(t) - (top.contains(t) ? penalty(live, t) : 0));
  }

  private static double penalty(Plain p, int t) {
    return p.set("kl_coef") * Math.abs(Math.log(p.ratio(t)));
  }

  /** The farthest tokens leave, equally far ones together, until the second moment is small. */
  private static double m2po(Plain live, Plain detached) {
    double[] far = new double[live.tokens()];
    Arrays.setAll(far, t -> Math.pow(Math.log(detached.ratio(t)), 2));
    int[] left = IntStream.range(0, far.length).toArray();
    while (left.length > 0 && Plain.mean(left, t -> far[t]) >= live.set("m2_threshold")) {
      double most = Arrays.stream(left).mapToDouble(t -> far[t]).max().getAsDouble();
      left = Arrays.stream(left).filter(t -> far[t] < most).toArray();
    }
    Set<Integer> kept = Arrays.stream(left).boxed().collect(Collectors.toSet());
    return -live.tokenMean(
        t -> kept.contains(t) ? live.ratio(t) * live.groupNormalised(live.response(t)) : 0);
  }

  private static double unified(Plain live, Plain detached) {
    IntToDoubleFunction a =
        t -> {
          double normal = live.groupNormalised(live.response(t));
          double base = normal > 0 ? live.set("lambda") * normal : normal;
          return EntropyStatements.bonus(live, detached, base, t);
        };
    double[] cov = covariances(detached, a);
    Set<Integer> top = largest(IntStream.range(0, live.tokens()), t -> cov[t], share(live));
    return -Plain.mean(
        EntropyStatements.forks(live, detached),
        t ->
            ClippedStatements.clipped(live, live.ratio(t), a.applyAsDouble(t))
                - (top.contains(t) ? penalty(live, t) : 0));
  }
}
