package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives of chosen and rejected responses; a prompt may have any number of either. */
final class PreferenceStatements {
  private PreferenceStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("dpo", (p, held) -> -ofPrompts(p, x -> logSigmoid(p.set("beta") * x)))
        .put("cdpo", (p, held) -> cdpo(p))
        .put("dpo-hinge", (p, held) -> ofPrompts(p, x -> Math.max(0, 1 - p.set("beta") * x)))
        .put("ipo", (p, held) -> ipo(p))
        .put("simpo", (p, held) -> simpo(p))
        .put("cpo", (p, held) -> cpo(p))
        .put("apo-zero", (p, held) -> apoZero(p))
        .put("apo-down", (p, held) -> apoDown(p))
        .put("robust-dpo", (p, held) -> robust(p))
        .put("exo", (p, held) -> exo(p))
        .put("nca", (p, held) -> nca(p))
        .put("ld-dpo", (p, held) -> desensitised(p));
  }

  private static double logSigmoid(double x) {
    return Math.min(0, x) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sign(Plain p, int s) {
    return p.of(Columns.SIGN, s);
  }

  private static double away(Plain p, int t) {
    return p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t);
  }

  private static double sum(Plain p, int s, IntToDoubleFunction x) {
    return Arrays.stream(p.tokensOf(s)).mapToDouble(x).sum();
  }

  private static double prompts(Plain p, IntToDoubleFunction x) {
    return Plain.mean(IntStream.range(0, p.prompts()).toArray(), x);
  }

  private static double margin(Plain p, int g, IntToDoubleFunction ofResponse) {
    return Arrays.stream(p.responsesTo(g))
        .mapToDouble(s -> sign(p, s) * ofResponse.applyAsDouble(s))
        .sum();
  }

  private static double ofPrompts(Plain p, DoubleUnaryOperator f) {
    return prompts(p, g -> f.applyAsDouble(margin(p, g, s -> sum(p, s, t -> away(p, t)))));
  }

  private static double cdpo(Plain p) {
    double wrong = p.set("label_smoothing");
    double beta = p.set("beta");
    return -ofPrompts(p, x -> (1 - wrong) * logSigmoid(beta * x) + wrong * logSigmoid(-beta * x));
  }

  private static double ipo(Plain p) {
    return prompts(
        p,
        g -> {
          double h = margin(p, g, s -> p.responseTokenMean(s, t -> away(p, t)));
          return Math.pow(h - 1 / (2 * p.set("beta")), 2);
        });
  }

  private static double simpo(Plain p) {
    return -prompts(
        p,
        g -> {
          double h = margin(p, g, s -> p.responseTokenMean(s, p::logProb));
          return logSigmoid(p.set("beta") * h - p.set("gamma"));
        });
  }

  private static double cpo(Plain p) {
    int[] chosen = IntStream.range(0, p.tokens()).filter(t -> sign(p, p.response(t)) > 0).toArray();
    double preference =
        prompts(p, g -> logSigmoid(p.set("beta") * margin(p, g, s -> sum(p, s, p::logProb))));
    return -preference - p.set("cpo_alpha") * Plain.mean(chosen, p::logProb);
  }

  /** σ(−β·log ratio) of chosen responses plus σ(β·log ratio) of rejected ones. */
  private static double apoZero(Plain p) {
    return prompts(
        p,
        g ->
            Arrays.stream(p.responsesTo(g))
                .mapToDouble(
                    s -> {
                      double x = p.set("beta") * sum(p, s, t -> away(p, t));
                      return 1 / (1 + Math.exp(sign(p, s) * x));
                    })
                .sum());
  }

  private static double ofSide(Plain p, int g, int side) {
    return Arrays.stream(p.responsesTo(g))
        .filter(s -> sign(p, s) == side)
        .mapToDouble(s -> p.set("beta") * sum(p, s, t -> away(p, t)))
        .sum();
  }

  private static double apoDown(Plain p) {
    return prompts(
        p,
        g -> {
          double chosen = ofSide(p, g, 1);
          double rejected = ofSide(p, g, -1);
          return 1 / (1 + Math.exp(-chosen)) + 1 - 1 / (1 + Math.exp(rejected - chosen));
        });
  }

  private static double robust(Plain p) {
    double wrong = p.set("label_smoothing");
    double beta = p.set("beta");
    return ofPrompts(
        p,
        x ->
            (wrong * logSigmoid(-beta * x) - (1 - wrong) * logSigmoid(beta * x)) / (1 - 2 * wrong));
  }

  /** Σ q log(q / p) over the two orders of a pair. */
  private static double exo(Plain p) {
    double wrong = p.set("label_smoothing");
    double beta = p.set("beta");
    return ofPrompts(
        p,
        x -> {
          double right = logSigmoid(beta * x);
          double flipped = logSigmoid(-beta * x);
          return Math.exp(right) * (right - Math.log(1 - wrong))
              + Math.exp(flipped) * (flipped - Math.log(wrong));
        });
  }

  private static double nca(Plain p) {
    return -prompts(
        p,
        g -> {
          double chosen = ofSide(p, g, 1);
          double noise = logSigmoid(-chosen) + logSigmoid(-ofSide(p, g, -1));
          return logSigmoid(chosen) + noise / 2;
        });
  }

  private static double desensitised(Plain p) {
    return -prompts(
        p,
        g -> {
          int shorter =
              Arrays.stream(p.responsesTo(g)).map(s -> p.tokensOf(s).length).min().orElseThrow();
          double h =
              margin(
                  p,
                  g,
                  s -> {
                    int[] tokens = p.tokensOf(s);
                    return IntStream.range(0, tokens.length)
                        .mapToDouble(
                            i -> (i < shorter ? 1 : p.set("ld_alpha")) * away(p, tokens[i]))
                        .sum();
                  });
          return logSigmoid(p.set("beta") * h);
        });
  }
}
