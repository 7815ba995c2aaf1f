package lossmith.proofs.stated;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * Losses of one chosen and one rejected response to a prompt, by f of x = Σ_t (log π − log π_ref)
 * of each: f is the identity, or what follows a plus in the name.
 */
final class PairStatements {
  private static final Map<String, OfPair> PAIRS =
      LinkedHashMap.<String, OfPair>empty()
          .put("dpo", (pair, f) -> -logSigmoid(pair.margin(f)))
          .put("cdpo", PairStatements::conservative)
          .put("dpo-hinge", (pair, f) -> Math.max(0, 1 - pair.margin(f)))
          .put("ipo", (pair, f) -> Math.pow(pair.meanMargin(f) - 1 / (2 * pair.p.set("beta")), 2))
          .put("robust-dpo", PairStatements::robust)
          .put("exo", PairStatements::exo)
          .put("nca", PairStatements::nca)
          .put("bco-pair", (pair, f) -> -logSigmoid(pair.chosen(f)) - logSigmoid(-pair.rejected(f)))
          .put("sppo-hard", PairStatements::sppo)
          .put("discopop", PairStatements::discoPop)
          .put(
              "dpo-length-normalised",
              (pair, f) -> -logSigmoid(pair.p.set("beta") * pair.meanMargin(f)))
          .put("apo-down", (pair, f) -> sigmoid(pair.chosen(f)) + sigmoid(-pair.margin(f)))
          .put("wpo", (pair, f) -> -pair.aligned() * logSigmoid(pair.margin(f)))
          .put("ld-dpo", (pair, f) -> -logSigmoid(pair.shortened().margin(f)));

  private static final Map<String, OfRatio> SCORES =
      LinkedHashMap.of(
          "reverse-kl", (p, x) -> x,
          "forward-kl", (p, x) -> -Math.exp(Math.min(-x, 40)),
          "jensen-shannon", (p, x) -> logSigmoid(x),
          "alpha-divergence",
              (p, x) -> Math.exp(Math.min((p.set("alpha") - 1) * x, 40)) / (p.set("alpha") - 1));

  private PairStatements() {}

  static Map<String, Statement> all() {
    Map<String, Statement> plain = PAIRS.mapValues(loss -> statement(loss, (p, x) -> x));
    return plain.merge(
        PAIRS
            .toList()
            .flatMap(
                loss -> SCORES.map(f -> Tuple.of(loss._1 + "+" + f._1, statement(loss._2, f._2))))
            .toMap(named -> named));
  }

  private static Statement statement(OfPair loss, OfRatio f) {
    return (p, detached) ->
        Plain.mean(
            IntStream.range(0, p.prompts()).toArray(),
            g -> loss.at(Pair.of(p, detached, g), x -> f.at(p, x)));
  }

  /** A number of a pair. */
  private interface OfPair {
    double at(Pair pair, DoubleUnaryOperator f);
  }

  /** A number of a log-ratio. */
  private interface OfRatio {
    double at(Plain p, double x);
  }

  /** Two responses, and what each token counts. */
  private record Pair(Plain p, Plain detached, int up, int down, IntToDoubleFunction weight) {
    static Pair of(Plain p, Plain detached, int prompt) {
      return new Pair(p, detached, side(p, prompt, 1), side(p, prompt, -1), t -> 1);
    }

    private double away(int response) {
      return Arrays.stream(p.tokensOf(response))
          .mapToDouble(
              t -> weight.applyAsDouble(t) * (p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t)))
          .sum();
    }

    double chosen(DoubleUnaryOperator f) {
      return p.set("beta") * f.applyAsDouble(away(up));
    }

    double rejected(DoubleUnaryOperator f) {
      return p.set("beta") * f.applyAsDouble(away(down));
    }

    double margin(DoubleUnaryOperator f) {
      return p.set("beta") * (f.applyAsDouble(away(up)) - f.applyAsDouble(away(down)));
    }

    double meanMargin(DoubleUnaryOperator f) {
      return f.applyAsDouble(away(up)) / p.tokensOf(up).length
          - f.applyAsDouble(away(down)) / p.tokensOf(down).length;
    }

    /** Tokens beyond the length of the shorter response count ld_alpha. */
    Pair shortened() {
      int shorter = Math.min(p.tokensOf(up).length, p.tokensOf(down).length);
      return new Pair(p, detached, up, down, t -> place(t) < shorter ? 1 : p.set("ld_alpha"));
    }

    private int place(int token) {
      return (int) Arrays.stream(p.tokensOf(p.response(token))).takeWhile(t -> t != token).count();
    }

    /** How probable both responses are to be sampled, against Σ_v π(v)² of each token. */
    double aligned() {
      return Math.exp(aligned(up) + aligned(down));
    }

    private double aligned(int response) {
      return detached.responseTokenMean(
          response,
          t -> {
            double collision = 0;
            for (int v = 0; v < detached.vocabulary(); v++) {
              collision += Math.exp(2 * detached.logPi(t, v));
            }
            return detached.logProb(t) - Math.log(collision);
          });
    }
  }

  static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  static double logSigmoid(double x) {
    return Math.min(0, x) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** {@return the response to a prompt whose column sign is {@code sign}} */
  static int side(Plain p, int prompt, double sign) {
    return Arrays.stream(p.responsesTo(prompt))
        .filter(s -> p.of(Columns.SIGN, s) == sign)
        .findFirst()
        .orElseThrow();
  }

  private static double conservative(Pair pair, DoubleUnaryOperator f) {
    double wrong = pair.p.set("label_smoothing");
    double x = pair.margin(f);
    return -(1 - wrong) * logSigmoid(x) - wrong * logSigmoid(-x);
  }

  private static double robust(Pair pair, DoubleUnaryOperator f) {
    double wrong = pair.p.set("label_smoothing");
    double x = pair.margin(f);
    return (wrong * logSigmoid(-x) - (1 - wrong) * logSigmoid(x)) / (1 - 2 * wrong);
  }

  /** Σ q log(q / p) over the two orders of a pair. */
  private static double exo(Pair pair, DoubleUnaryOperator f) {
    double wrong = pair.p.set("label_smoothing");
    double right = logSigmoid(pair.margin(f));
    double flipped = logSigmoid(-pair.margin(f));
    return Math.exp(right) * (right - Math.log(1 - wrong))
        + Math.exp(flipped) * (flipped - Math.log(wrong));
  }

  private static double nca(Pair pair, DoubleUnaryOperator f) {
    double noise = logSigmoid(-pair.chosen(f)) + logSigmoid(-pair.rejected(f));
    return -logSigmoid(pair.chosen(f)) - noise / 2;
  }

  private static double sppo(Pair pair, DoubleUnaryOperator f) {
    double beta = pair.p.set("beta");
    return Math.pow(f.applyAsDouble(pair.away(pair.up)) - 0.5 / beta, 2)
        + Math.pow(f.applyAsDouble(pair.away(pair.down)) + 0.5 / beta, 2);
  }

  private static double discoPop(Pair pair, DoubleUnaryOperator f) {
    double x = pair.margin(f);
    double m = sigmoid(x / pair.p.set("tau"));
    return -logSigmoid(x) * (1 - m) + Math.exp(-x) * m;
  }
}
