package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** REINFORCE and its variants: a weight times log π, and no ratio is clipped. */
final class ReinforceStatements {
  private ReinforceStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("reinforce", (live, detached) -> -live.responseMean(s -> total(live, s)))
        .put("psr", (live, detached) -> weighted(live, r -> r > 0 ? 1 : 0))
        .put("nsr", (live, detached) -> weighted(live, r -> r > 0 ? 0 : -1))
        .put(
            "w-reinforce", (live, detached) -> weighted(live, r -> r > 0 ? live.set("lambda") : -1))
        .put("gpg", (live, detached) -> gpg(live))
        .put("dro", (live, detached) -> dro(live));
  }

  private static double total(Plain p, int s) {
    return Arrays.stream(p.tokensOf(s)).mapToDouble(p::logProb).sum() * p.reward(s);
  }

  /** α (R − mean R)·log π, α = responses / responses to prompts whose rewards differ. */
  private static double gpg(Plain p) {
    long teach = IntStream.range(0, p.responses()).filter(s -> p.informative(p.prompt(s))).count();
    double alpha = p.responses() / (double) Math.max(teach, 1);
    return -p.tokenMean(
        t -> {
          int s = p.response(t);
          double centred = p.reward(s) - Plain.mean(p.responsesTo(p.prompt(s)), p::reward);
          return p.informative(p.prompt(s)) ? alpha * centred * p.logProb(t) : 0;
        });
  }

  private static double weighted(Plain p, DoubleUnaryOperator weight) {
    return -p.tokenMean(t -> weight.applyAsDouble(p.reward(p.response(t))) * p.logProb(t));
  }

  /** A·log π − β/2·(log r)². */
  private static double dro(Plain p) {
    return -p.tokenMean(
        t ->
            p.groupNormalised(p.response(t)) * p.logProb(t)
                - p.set("beta") / 2 * Math.pow(Math.log(p.ratio(t)), 2));
  }
}
