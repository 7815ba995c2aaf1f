package lossmith.recipes.distil;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.surrogate.Surrogate;

/**
 * The Jensen-Shannon divergence of teacher and policy over the k entries that the policy finds most
 * probable and one bucket with the rest, weighted by the held ratio; P, the policy given the
 * feedback, comes as ref_log_pi.
 */
public final class Sdpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "sdpo",
            "Self-distillation: the policy that has read the feedback teaches the policy that has"
                + " not",
            new Source(
                "Reinforcement Learning via Self-Distillation",
                "SDPO with top-K logits; TRL SDPOTrainer, topk_logits with distillation_add_tail",
                "https://arxiv.org/abs/2601.20802"))
        .claiming(new Claim.Within("JSD", 0, Math.log(2)));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter alpha = parameter("alpha", 0.5, 1e-6, 1 - 1e-6);
    Condition<Vocabulary> likely =
        logPi()
            .stopGradient()
            .rank(VOCABULARY)
            .below(parameter("k", 100, 1, 1e6).per(VOCABULARY_ENTRY))
            .as("likely");
    Term<Token> best = JensenShannon.of(alpha, VOCABULARY.where(likely)).as("D");
    Term<Token> rest = tail(logPi(), likely).as("q");
    Detached<Token> teachers = tail(referenceLogPi(), likely).stopGradient().as("p");
    Condition<Token> more = likely.not().indicator().sum(VOCABULARY).positive().as("more");
    Term<Token> bucket = JensenShannon.ofBucket(alpha, teachers, rest);
    Term<Token> divergence = best.plus(select(more, bucket, Surrogate.zero())).as("JSD");
    Detached<Token> w =
        Surrogate.ratio(c).stopGradient().clip(Clip.atMost(parameter("ratio_max", 2, 1, 1e6)));
    return Diagnostics.policy(
        minimise(divergence.weightedBy(w.as("w")).mean(TOKENS).mean(ALL_SEQUENCES))
            .as("divergence"));
  }

  /** What is left of the probability outside, at least 1e-7. */
  private static Term<Token> tail(Term<Vocabulary> logPi, Condition<Vocabulary> likely) {
    return logPi
        .exp()
        .sum(VOCABULARY.where(likely.not()))
        .clip(Clip.atLeast(constant(1e-7, BATCH)));
  }
}
