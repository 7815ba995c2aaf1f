package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Claim.Divergence.FORWARD;
import static lossmith.recipes.Claim.Divergence.NONE;
import static lossmith.recipes.Claim.Divergence.REVERSE;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;
import lossmith.recipes.surrogate.KlEstimator;

/** Penalties per token, added to the loss. */
final class Regularisers {
  private static final Source SCHULMAN =
      new Source(
          "Approximating KL Divergence", "k1, k2 and k3", "http://joschu.net/blog/kl-approx.html");

  private static final String KL = "KL";
  private static final Claim AVERAGE = new Claim.Averages(KL, REVERSE, Columns.LOG_PROB);
  private static final Claim CORRECTED = new Claim.Averages(KL, REVERSE, Columns.OLD_LOG_PROB);

  private Regularisers() {}

  /** A regulariser with the coefficient it has unless the user sets another. */
  record Cost(double coefficient, Function<Conventions, Term<Token>> term, String trains) {}

  private static Part<Cost> part(
      String name,
      String title,
      Source source,
      double coefficient,
      Function<Conventions, Term<Token>> term) {
    return new Part<>(
        Part.Kind.REGULARISER, name, title, source, new Cost(coefficient, term, Loss.POLICY));
  }

  private static Claim slope(String name, Claim.Divergence of) {
    return new Claim.Estimates(of, "beta_" + name);
  }

  private static Part<Cost> estimator(String name, String title, KlEstimator estimator) {
    return part(name, title, SCHULMAN, 1e-3, c -> estimator.of(referenceLogProb(), c).as(KL));
  }

  static Seq<Part<Cost>> all() {
    return List.of(
            estimator(
                    "k1",
                    "log π − log π_ref: as a loss its gradient is 0 in expectation, use k2",
                    KlEstimator.K1)
                .claiming(AVERAGE, slope("k1", NONE)),
            estimator(
                    "k2",
                    "(log π − log π_ref)²/2, the right gradient in expectation",
                    KlEstimator.K2)
                .claiming(slope("k2", REVERSE)),
            estimator(
                    "k3", "π_ref/π − 1 − log(π_ref/π), unbiased and never negative", KlEstimator.K3)
                .claiming(AVERAGE, slope("k3", FORWARD)),
            estimator("abs", "|log π − log π_ref|", KlEstimator.ABSOLUTE),
            part(
                    "k3-straight-through",
                    "The value of k3 with the gradient of k2",
                    new Source(
                        "verl", "kl_penalty, low_var_kl+", "https://github.com/volcengine/verl"),
                    1e-3,
                    c -> KlEstimator.K3.withGradientOfK2(referenceLogProb(), c).as(KL))
                .claiming(AVERAGE, slope("k3-straight-through", REVERSE)),
            part(
                    "k1-corrected",
                    "r·(log π − log π_ref), whose gradient is right where the sampling policy is"
                        + " another; both log-ratios clamped to ±20",
                    new Source(
                        "open-instruct",
                        "model_utils.estimate_kl, kl_estimator 3",
                        "https://github.com/allenai/open-instruct"),
                    1e-3,
                    c -> weightedK1().as(KL))
                .claiming(CORRECTED, slope("k1-corrected", REVERSE)),
            part(
                    "k3-corrected",
                    "r·k3, unbiased where the sampling policy is another; both log-ratios clamped"
                        + " within ±20",
                    new Source(
                        "DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models",
                        "the unbiased KL estimate of section 3.1",
                        "https://arxiv.org/abs/2512.02556"),
                    1e-3,
                    c -> corrected().as(KL))
                .claiming(CORRECTED, slope("k3-corrected", REVERSE)),
            part(
                "squared-log-ratio",
                "(log π − log π_rollout)², near the policy of the inference engine",
                new Source(
                    "Kimi K2.5: Visual Agentic Intelligence",
                    "the squared log-ratio of the objective; prime-rl, kl_tau",
                    "https://arxiv.org/abs/2602.02276"),
                1e-3,
                c -> logProb().minus(rolloutLogProb()).square()),
            part(
                    "kl",
                    "KL(π‖π_ref) over the whole vocabulary; needs ref_log_pi",
                    new Source(
                        "On-Policy Distillation of Language Models: Learning from Self-Generated"
                            + " Mistakes",
                        "section 2",
                        "https://arxiv.org/abs/2306.13649"),
                    1e-3,
                    c -> expected(logPi(), logPi().minus(referenceLogPi())).as(KL))
                .claiming(AVERAGE, slope("kl", REVERSE)),
            part(
                    "negative-entropy",
                    "−H(π), the entropy bonus",
                    new Source(
                        "Asynchronous Methods for Deep Reinforcement Learning",
                        "section 4",
                        "https://arxiv.org/abs/1602.01783"),
                    1e-3,
                    c -> entropy().as("H").negated())
                .claiming(new Claim.Entropy("H")),
            part(
                "imitation",
                "−log π of responses with a positive reward (VAPO's NLL term)",
                new Source(
                    "VAPO: Efficient and Reliable Reinforcement Learning for Advanced Reasoning"
                        + " Tasks",
                    "eq 12",
                    "https://arxiv.org/abs/2504.05118"),
                0.1,
                c ->
                    select(
                        reward().positive().per(TOKEN), logProb().negated(), constant(0, TOKEN))))
        .appendAll(Critics.all());
  }

  private static Term<Token> weightedK1() {
    Clip clamp = Clip.between(-20, 20);
    return logProb()
        .minus(oldLogProb())
        .clip(clamp)
        .exp()
        .times(logProb().minus(referenceLogProb()).clip(clamp));
  }

  /** The product of two exponentials must not overflow. */
  private static Term<Token> corrected() {
    Clip clamp = Clip.between(-20, 20);
    Term<Token> d = referenceLogProb().minus(logProb()).clip(clamp);
    return logProb().minus(oldLogProb()).clip(clamp).exp().times(d.expRemainder());
  }
}
