package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
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
        .put("kto", (p, held) -> kto(p))
        .put("wpo", PairStatements::wpo)
        .put("dpo-forward-kl", (p, held) -> held(p, x -> -Math.exp(-x)))
        .put("dpo-jensen-shannon", (p, held) -> held(p, PairStatements::logSigmoid))
        .put(
            "dpo-alpha",
            (p, held) -> held(p, x -> Math.exp((p.set("alpha") - 1) * x) / (p.set("alpha") - 1)))
        .put("sft", (p, held) -> sft(p))
        .put("aot", (p, held) -> aot(p))
        .put("aot-unpaired", (p, held) -> aotUnpaired(p));
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

  private static double held(Plain p, DoubleUnaryOperator f) {
    return prompts(
        p,
        (plain, g) ->
            -logSigmoid(
                p.set("beta")
                    * (f.applyAsDouble(away(p, side(p, g, 1)))
                        - f.applyAsDouble(away(p, side(p, g, -1))))));
  }

  private static double wpo(Plain p, Plain held) {
    return prompts(
        p,
        (plain, g) -> {
          int chosen = side(p, g, 1);
          int rejected = side(p, g, -1);
          double weight = Math.exp(aligned(held, chosen)) * Math.exp(aligned(held, rejected));
          return -weight * logSigmoid(p.set("beta") * (away(p, chosen) - away(p, rejected)));
        });
  }

  private static double aligned(Plain p, int response) {
    return p.responseTokenMean(
        response,
        t -> {
          double collision = 0;
          for (int v = 0; v < p.vocabulary(); v++) {
            collision += Math.exp(2 * p.logPi(t, v));
          }
          return p.logProb(t) - Math.log(collision);
        });
  }

  private static double sft(Plain p) {
    int[] chosen =
        IntStream.range(0, p.tokens()).filter(t -> p.of(Columns.SIGN, p.response(t)) > 0).toArray();
    return -Plain.mean(chosen, p::logProb);
  }

  private static double aot(Plain p) {
    return transported(
        p,
        g -> margin(p, g, p::logProb),
        g -> margin(p, g, t -> p.of(Columns.REFERENCE_LOG_PROB, t)));
  }

  private static double aotUnpaired(Plain p) {
    return transported(p, g -> away(p, side(p, g, 1)), g -> away(p, side(p, g, -1)));
  }

  private static double margin(Plain p, int prompt, IntToDoubleFunction x) {
    return Arrays.stream(p.tokensOf(side(p, prompt, 1))).mapToDouble(x).sum()
        - Arrays.stream(p.tokensOf(side(p, prompt, -1))).mapToDouble(x).sum();
  }

  private static double transported(
      Plain p, IntToDoubleFunction better, IntToDoubleFunction worse) {
    double[] upper = IntStream.range(0, p.prompts()).mapToDouble(better).sorted().toArray();
    double[] lower = IntStream.range(0, p.prompts()).mapToDouble(worse).sorted().toArray();
    return Plain.mean(
        IntStream.range(0, p.prompts()).toArray(),
        i -> -logSigmoid(p.set("beta") * (upper[i] - lower[i])));
  }
}
