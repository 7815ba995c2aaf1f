package lossmith.recipes.offpolicy;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;

/** A gamma-shaped weight of the sequence ratio. */
public final class Vespo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "vespo",
            "A smooth weight of the whole response, by its ratio",
            new Source(
                "VESPO: Variational Sequence-Level Soft Policy Optimization for Stable Off-Policy"
                    + " LLM Training",
                "the gamma weighting; TRL grpo_trainer.py get_gamma_weights",
                "https://arxiv.org/abs/2602.10693"))
        .claiming(Claims.normalised(Aggregation.TOKEN_MEAN))
        .deviating("log w is held in [log 1e-8, 20], as TRL has it.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Sequence> log =
        logProb()
            .stopGradient()
            .minus(oldLogProb())
            .clip(Clip.between(-20, 20))
            .sum(TOKENS)
            .clip(Clip.between(constant(1e-8, BATCH).log(), constant(20, BATCH)))
            .as("logw");
    Detached<Token> x = log.per(TOKEN);
    Condition<Token> good = a.atLeast(constant(0, TOKEN));
    Detached<Token> k =
        select(
                good,
                parameter("k_pos", 2, 0, 100).per(TOKEN),
                parameter("k_neg", 3, 0, 100).per(TOKEN))
            .as("k");
    Detached<Token> lambda =
        select(
                good,
                parameter("lambda_pos", 3, 1e-4, 100).per(TOKEN),
                parameter("lambda_neg", 2, 1e-4, 100).per(TOKEN))
            .as("λ");
    Detached<Token> phi = lambda.plus(k.times(x)).minus(lambda.times(x.exp())).exp().as("φ");
    return Diagnostics.policy(
            maximise(c.aggregate(logProb().times(a).weightedBy(phi), Aggregation.TOKEN_MEAN)))
        .log("phi", phi.mean(ALL_TOKENS));
  }
}
