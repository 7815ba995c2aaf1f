package lossmith.recipes.policy;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** Decoupled clip, token mean, dynamic sampling, soft overlong punishment. */
public final class Dapo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "dapo",
            "Decoupled clip, token mean, dynamic sampling, soft overlong punishment",
            new Source(
                "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
                "eqs 8 to 13",
                "https://arxiv.org/abs/2503.14476"))
        .claiming(Claims.policyGradient(x -> x.mean(ALL_TOKENS.where(kept()))))
        .deviating(
            "The token mean runs over all prompts of the batch, the paper's over each prompt.",
            "Dynamic sampling leaves groups out; sampling more of them is the trainer's.");
  }

  /** Dynamic sampling: prompts whose rewards differ. */
  private static Condition<Token> kept() {
    return Advantages.informative(reward()).as("kept").per(TOKEN);
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Batch> most = parameter("max_length", 20480, 1, 1e9);
    Detached<Batch> cache = parameter("overlong_cache", 4096, 1, 1e9);
    Detached<Sequence> room = most.minus(cache).per(SEQUENCE).minus(length());
    Detached<Sequence> punishment = room.dividedBy(cache.per(SEQUENCE)).clip(Clip.between(-1, 0));
    Detached<Token> a = Advantages.groupNormalised(reward().plus(punishment).as("R"), c);
    Condition<Token> kept = kept();
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss = maximise(Surrogate.clipped(r, a, clip, c).mean(ALL_TOKENS.where(kept)));
    return Diagnostics.clipped(loss, r, a, clip).log("kept", kept.indicator().mean(ALL_TOKENS));
  }
}
