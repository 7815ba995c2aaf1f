package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.expTimes;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.dsl.Clip;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.KlEstimator;
import lossmith.recipes.Source;

/** What is to be kept small at each token beside the objective. */
final class Regularisers {
  private static final Source SCHULMAN =
      new Source(
          "Approximating KL Divergence", "k1, k2 and k3", "http://joschu.net/blog/kl-approx.html");

  private Regularisers() {}

  /** A regulariser with the coefficient it has unless the user says otherwise. */
  record Cost(double coefficient, Function<Conventions, Term<Token>> term) {}

  private static Part<Cost> part(
      String name,
      String title,
      Source source,
      double coefficient,
      Function<Conventions, Term<Token>> term) {
    return new Part<>(Part.Kind.REGULARISER, name, title, source, new Cost(coefficient, term));
  }

  private static Part<Cost> estimator(String name, String title, KlEstimator estimator) {
    return part(name, title, SCHULMAN, 1e-3, c -> estimator.of(referenceLogProb(), c));
  }

  static Seq<Part<Cost>> all() {
    return List.of(
        estimator(
            "k1",
            "log π − log π_ref: as a loss its gradient is 0 in expectation, use k2",
            KlEstimator.K1),
        estimator(
            "k2", "(log π − log π_ref)²/2, the right gradient in expectation", KlEstimator.K2),
        estimator("k3", "π_ref/π − 1 − log(π_ref/π), unbiased and never negative", KlEstimator.K3),
        estimator("abs", "|log π − log π_ref|", KlEstimator.ABSOLUTE),
        part(
            "k3-straight-through",
            "The value of k3 with the gradient of k2",
            new Source("verl", "kl_penalty, low_var_kl+", "https://github.com/volcengine/verl"),
            1e-3,
            c -> KlEstimator.K3.withGradientOfK2(referenceLogProb(), c)),
        part(
            "k3-corrected",
            "r·k3, unbiased where the sampling policy is another; both logarithms held within ±20",
            new Source(
                "DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models",
                "the unbiased KL estimate of section 3.1",
                "https://arxiv.org/abs/2512.02556"),
            1e-3,
            c -> corrected()),
        part(
            "kl",
            "KL(π‖π_ref) over the whole vocabulary; needs ref_log_pi",
            new Source(
                "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
                "section 2",
                "https://arxiv.org/abs/2306.13649"),
            1e-3,
            c -> expTimes(logPi(), logPi().minus(referenceLogPi())).sum(VOCABULARY)),
        part(
            "negative-entropy",
            "−H(π), the entropy bonus",
            new Source(
                "Asynchronous Methods for Deep Reinforcement Learning",
                "section 4",
                "https://arxiv.org/abs/1602.01783"),
            1e-3,
            c -> entropy().negated()),
        part(
            "imitation",
            "−log π of responses with a positive reward (VAPO's NLL term)",
            new Source(
                "VAPO: Efficient and Reliable Reinforcement Learning for Advanced Reasoning Tasks",
                "eq 12",
                "https://arxiv.org/abs/2504.05118"),
            0.1,
            c -> select(reward().positive().per(TOKEN), logProb().negated(), constant(0, TOKEN))));
  }

  /** The product of two exponentials must not overflow. */
  private static Term<Token> corrected() {
    Clip held = Clip.between(-20, 20);
    Term<Token> d = referenceLogProb().minus(logProb()).clip(held);
    return logProb().minus(oldLogProb()).clip(held).exp().times(d.expm1().minus(d));
  }
}
