package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives of good and bad responses by what TRL calls their loss type. */
final class PairStatements {
  private PairStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("bco-pair", (p, held) -> prompts(p, PairStatements::bco))
        .put("sppo-hard", (p, held) -> prompts(p, PairStatements::sppo))
        .put("discopop", (p, held) -> prompts(p, PairStatements::discoPop))
        .put("dpo-length-normalised", (p, held) -> prompts(p, PairStatements::normalised))
        .put("orpo", (p, held) -> prompts(p, PairStatements::orpo))
        .put("kto", (p, held) -> kto(p));
  }

  /** A number of one prompt. */
  private interface OfPrompt {
    double at(Plain p, int prompt);
  }

  private static double prompts(Plain p, OfPrompt f) {
    return Plain.mean(IntStream.range(0, p.prompts()).toArray(), g -> f.at(p, g));
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  private static double logSigmoid(double x) {
    return Math.min(0, x) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static int side(Plain p, int prompt, double sign) {
    return Arrays.stream(p.responsesTo(prompt))
        .filter(s -> p.of(Columns.SIGN, s) == sign)
        .findFirst()
        .orElseThrow();
  }

  private static double away(Plain p, int response) {
    return Arrays.stream(p.tokensOf(response))
        .mapToDouble(t -> p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t))
        .sum();
  }

  private static double bco(Plain p, int prompt) {
    double beta = p.set("beta");
    return -logSigmoid(beta * away(p, side(p, prompt, 1)))
        - logSigmoid(-beta * away(p, side(p, prompt, -1)));
  }

  private static double sppo(Plain p, int prompt) {
    double half = 0.5 / p.set("beta");
    return Math.pow(away(p, side(p, prompt, 1)) - half, 2)
        + Math.pow(away(p, side(p, prompt, -1)) + half, 2);
  }

  private static double discoPop(Plain p, int prompt) {
    double margin = away(p, side(p, prompt, 1)) - away(p, side(p, prompt, -1));
    double x = p.set("beta") * margin;
    double m = sigmoid(x / p.set("tau"));
    return -logSigmoid(x) * (1 - m) + Math.exp(-x) * m;
  }

  private static double normalised(Plain p, int prompt) {
    int chosen = side(p, prompt, 1);
    int rejected = side(p, prompt, -1);
    double margin =
        away(p, chosen) / p.tokensOf(chosen).length
            - away(p, rejected) / p.tokensOf(rejected).length;
    return -logSigmoid(p.set("beta") * margin);
  }

  private static double orpo(Plain p, int prompt) {
    double chosen = p.responseTokenMean(side(p, prompt, 1), p::logProb);
    double rejected = p.responseTokenMean(side(p, prompt, -1), p::logProb);
    double odds = logOdds(chosen) - logOdds(rejected);
    return -chosen - p.set("lambda") * logSigmoid(odds);
  }

  private static double logOdds(double logProb) {
    return logProb - Math.log(-Math.expm1(Math.min(logProb, -1e-6)));
  }

  private static double kto(Plain p) {
    int[] all = IntStream.range(0, p.responses()).toArray();
    double z = Math.max(0, Plain.mean(all, s -> p.of("mismatched_log_ratio", s)));
    return Plain.mean(
        all,
        s -> {
          double x = p.set("beta") * (away(p, s) - z);
          // 1 − σ(x) = σ(−x), without the rounding of 1 − σ.
          return p.reward(s) > 0
              ? p.set("lambda_desirable") * sigmoid(-x)
              : p.set("lambda_undesirable") * sigmoid(x);
        });
  }
}
