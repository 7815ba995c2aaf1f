package lossmith.proofs.stated;

import static lossmith.proofs.stated.PairStatements.logSigmoid;
import static lossmith.proofs.stated.PairStatements.side;
import static lossmith.proofs.stated.PairStatements.sigmoid;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Objectives of responses that stand alone, or are compared otherwise than by one margin. */
final class UnpairedStatements {
  private UnpairedStatements() {}

  static Map<String, Statement> all() {
    return LinkedHashMap.<String, Statement>empty()
        .put("apo-zero-unpaired", (p, detached) -> responses(p, UnpairedStatements::apoZero))
        .put("bco", (p, detached) -> responses(p, UnpairedStatements::bco))
        .put("alphapo", (p, detached) -> alphaPo(p))
        .put("nash-md", UnpairedStatements::nashMd)
        .put("xpo", (p, detached) -> xpo(p))
        .put("gvpo", (p, detached) -> gvpo(p))
        .put("tpo", UnpairedStatements::tpo)
        .put("flowrl", UnpairedStatements::flowRl)
        .put(
            "tpo-triple",
            (p, detached) ->
                triple(p, UnpairedStatements::likelihood, x -> -logSigmoid(p.set("beta") * x)))
        .put("a2po", (p, detached) -> responses(p, UnpairedStatements::aStar))
        .put("sppo", (p, detached) -> responses(p, UnpairedStatements::sppo))
        .put("tpo-l", (p, detached) -> triple(p, UnpairedStatements::mean, x -> byLength(p, x)))
        .put(
            "tpo-hinge",
            (p, detached) ->
                triple(p, UnpairedStatements::likelihood, x -> Math.max(0, 1 - p.set("beta") * x)))
        .put(
            "tpo-ipo",
            (p, detached) ->
                triple(p, UnpairedStatements::mean, x -> Math.pow(x - 0.5 / p.set("beta"), 2)))
        .put("prm", (p, detached) -> steps(p))
        .put("reward-model", (p, detached) -> rewardModel(p))
        .put("implicit-prm", (p, detached) -> responses(p, UnpairedStatements::outcome));
  }

  /** A number of one response. */
  private interface OfResponse {
    double at(Plain p, int response);
  }

  private static double responses(Plain p, OfResponse f) {
    return Plain.mean(IntStream.range(0, p.responses()).toArray(), s -> f.at(p, s));
  }

  private static double away(Plain p, int t) {
    return p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t);
  }

  private static double implicit(Plain p, int response) {
    return p.set("beta") * Arrays.stream(p.tokensOf(response)).mapToDouble(t -> away(p, t)).sum();
  }

  private static double apoZero(Plain p, int s) {
    return p.reward(s) > 0 ? sigmoid(-implicit(p, s)) : sigmoid(implicit(p, s));
  }

  private static double bco(Plain p, int s) {
    double x = implicit(p, s) - p.of("reward_shift", 0);
    return p.reward(s) > 0 ? -logSigmoid(x) : -logSigmoid(-x);
  }

  /** −log π(y)·(P − 1/2 − β·log(π(y)/π_ref(y))), the bracket detached. */
  private static double nashMd(Plain p, Plain detached) {
    return responses(
        p,
        (plain, s) -> {
          double log = Arrays.stream(p.tokensOf(s)).mapToDouble(p::logProb).sum();
          return -log * (p.reward(s) - 0.5 - implicit(detached, s));
        });
  }

  /** (log(π(y)/π_old(y)) − η·P + log mean exp(η·P))², the mean over the responses to a prompt. */
  private static double sppo(Plain p, int s) {
    double moved = Arrays.stream(p.tokensOf(s)).mapToDouble(t -> Math.log(p.ratio(t))).sum();
    int[] all = p.responsesTo(p.prompt(s));
    double best = Arrays.stream(all).mapToDouble(p::reward).max().orElse(0);
    double z = Plain.mean(all, other -> Math.exp(p.set("eta") * (p.reward(other) - best)));
    return Math.pow(moved - p.set("eta") * (p.reward(s) - best) + Math.log(z), 2);
  }

  private static int[] prompts(Plain p) {
    return IntStream.range(0, p.prompts()).toArray();
  }

  private static double alphaPo(Plain p) {
    return Plain.mean(
        prompts(p),
        g -> {
          double apart = bent(p, side(p, g, 1)) - bent(p, side(p, g, -1));
          return -logSigmoid(p.set("beta") * apart - p.set("gamma"));
        });
  }

  private static double bent(Plain p, int response) {
    double alpha = p.set("alpha");
    return (1 - Math.exp(-alpha * p.responseTokenMean(response, p::logProb))) / alpha;
  }

  private static double xpo(Plain p) {
    return Plain.mean(
        prompts(p),
        g -> {
          double optimism = 0;
          for (int s : p.responsesTo(g)) {
            double own = Arrays.stream(p.tokensOf(s)).mapToDouble(p::logProb).sum();
            optimism += p.of("from_reference", s) * own;
          }
          double h = implicit(p, side(p, g, 1)) - implicit(p, side(p, g, -1));
          return -logSigmoid(h) + p.set("alpha") * optimism;
        });
  }

  private static double likelihood(Plain p, int response) {
    return Arrays.stream(p.tokensOf(response)).mapToDouble(p::logProb).sum();
  }

  private static double old(Plain p, int response) {
    return Arrays.stream(p.tokensOf(response))
        .mapToDouble(t -> p.of(Columns.OLD_LOG_PROB, t))
        .sum();
  }

  /** −Σ_i q_i log p_i, p_i ∝ e^(l_i), q_i ∝ e^(l_i of π_old + u_i / η). */
  private static double tpo(Plain p, Plain detached) {
    return Plain.mean(
        prompts(p),
        g -> {
          int[] all = p.responsesTo(g);
          double[] l = Arrays.stream(all).mapToDouble(s -> likelihood(p, s)).toArray();
          double[] tilted =
              Arrays.stream(all)
                  .mapToDouble(s -> old(detached, s) + p.groupNormalised(s) / p.set("eta"))
                  .toArray();
          return IntStream.range(0, all.length)
              .mapToDouble(i -> -Math.exp(tilted[i] - total(tilted)) * (l[i] - total(l)))
              .sum();
        });
  }

  /** log Σ e^x. */
  private static double total(double[] x) {
    double most = Arrays.stream(x).max().orElse(0);
    return most + Math.log(Arrays.stream(x).map(v -> Math.exp(v - most)).sum());
  }

  private static double flowRl(Plain p, Plain detached) {
    return responses(
        p,
        (plain, s) -> {
          double moved = Math.exp(likelihood(detached, s) - old(detached, s));
          double weight = Plain.clip(moved, 1 - p.set("clip_low"), 1 + p.set("clip_high"));
          double gain = p.set("beta") * p.groupNormalised(s);
          double balance =
              p.of("log_z", p.prompt(s)) + p.responseTokenMean(s, t -> away(p, t)) - gain;
          return weight * balance * balance;
        });
  }

  private static double mean(Plain p, int response) {
    return p.responseTokenMean(response, p::logProb);
  }

  private static double byLength(Plain p, double x) {
    return -logSigmoid(p.set("beta") * x - p.set("gamma"));
  }

  private static double triple(Plain p, OfResponse score, DoubleUnaryOperator loss) {
    double preference =
        Plain.mean(
            prompts(p),
            g ->
                loss.applyAsDouble(
                    Arrays.stream(p.responsesTo(g))
                        .mapToDouble(s -> p.of("preference", s) * score.at(p, s))
                        .sum()));
    return preference - p.set("tpo_alpha") * golden(p);
  }

  /** Cross-entropy of the labels of steps, over the tokens that end one. */
  private static double steps(Plain p) {
    int[] ends = IntStream.range(0, p.tokens()).filter(t -> p.of("step_label", t) >= 0).toArray();
    return Plain.mean(
        ends,
        t -> {
          double q = p.of("step_score", t);
          return -logSigmoid(p.of("step_label", t) == 1 ? q : -q);
        });
  }

  private static double golden(Plain p) {
    int[] golden =
        IntStream.range(0, p.tokens())
            .filter(t -> p.of("preference", p.response(t)) == 0)
            .toArray();
    return Plain.mean(golden, p::logProb);
  }

  private static double aStar(Plain p, int s) {
    double implicit =
        p.set("beta2") * Arrays.stream(p.tokensOf(s)).mapToDouble(t -> away(p, t)).sum();
    return Math.pow(implicit - (p.reward(s) - p.of("optimal_value", p.prompt(s))), 2);
  }

  private static double gvpo(Plain p) {
    return Plain.mean(
        prompts(p),
        g -> {
          int[] all = p.responsesTo(g);
          double x = Plain.mean(all, s -> implicit(p, s));
          double r = Plain.mean(all, p::reward);
          return Plain.mean(all, s -> 0.5 * Math.pow(implicit(p, s) - x - (p.reward(s) - r), 2));
        });
  }

  private static double rewardModel(Plain p) {
    return Plain.mean(
        prompts(p),
        g -> {
          double chosen = p.of("score", side(p, g, 1));
          double rejected = p.of("score", side(p, g, -1));
          return p.set("centring") * Math.pow(chosen + rejected, 2)
              - logSigmoid(chosen - rejected - p.set("margin"));
        });
  }

  private static double outcome(Plain p, int s) {
    double q = implicit(p, s);
    return -p.reward(s) * logSigmoid(q) - (1 - p.reward(s)) * logSigmoid(-q);
  }
}
