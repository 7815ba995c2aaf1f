package lossmith.proofs.stated;

import static lossmith.proofs.stated.PairStatements.logSigmoid;
import static lossmith.proofs.stated.PairStatements.side;
import static lossmith.proofs.stated.PairStatements.sigmoid;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives of good and bad responses that compare otherwise than by a score of each of two. */
final class PreferenceStatements {
  private PreferenceStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("simpo", (p, detached) -> prompts(p, PreferenceStatements::simpo))
        .put("cpo", (p, detached) -> cpo(p))
        .put("apo-zero", (p, detached) -> prompts(p, PreferenceStatements::apoZero))
        .put("orpo", (p, detached) -> prompts(p, PreferenceStatements::orpo))
        .put("kto", (p, detached) -> kto(p))
        .put("sft", (p, detached) -> -chosen(p))
        .put("aot", (p, detached) -> aot(p))
        .put("aot-unpaired", (p, detached) -> aotUnpaired(p));
  }

  /** A number of one prompt. */
  private interface OfPrompt {
    double at(Plain p, int prompt);
  }

  private static double prompts(Plain p, OfPrompt f) {
    return Plain.mean(IntStream.range(0, p.prompts()).toArray(), g -> f.at(p, g));
  }

  private static double sum(Plain p, int response, IntToDoubleFunction x) {
    return Arrays.stream(p.tokensOf(response)).mapToDouble(x).sum();
  }

  private static double away(Plain p, int response) {
    return sum(p, response, t -> p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t));
  }

  private static double mean(Plain p, int response) {
    return p.responseTokenMean(response, p::logProb);
  }

  private static double simpo(Plain p, int g) {
    double h = mean(p, side(p, g, 1)) - mean(p, side(p, g, -1));
    return -logSigmoid(p.set("beta") * h - p.set("gamma"));
  }

  private static double cpo(Plain p) {
    double preference = prompts(p, (q, g) -> logSigmoid(p.set("beta") * margin(p, g, p::logProb)));
    return -preference - p.set("cpo_alpha") * chosen(p);
  }

  /** The mean log-probability of the tokens of chosen responses. */
  private static double chosen(Plain p) {
    int[] chosen =
        IntStream.range(0, p.tokens()).filter(t -> p.of(Columns.SIGN, p.response(t)) > 0).toArray();
    return Plain.mean(chosen, p::logProb);
  }

  /** σ(−β·log ratio) of the chosen response plus σ(β·log ratio) of the rejected one. */
  private static double apoZero(Plain p, int g) {
    double beta = p.set("beta");
    return sigmoid(-beta * away(p, side(p, g, 1))) + sigmoid(beta * away(p, side(p, g, -1)));
  }

  private static double orpo(Plain p, int prompt) {
    double chosen = mean(p, side(p, prompt, 1));
    double rejected = mean(p, side(p, prompt, -1));
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
    return sum(p, side(p, prompt, 1), x) - sum(p, side(p, prompt, -1), x);
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
