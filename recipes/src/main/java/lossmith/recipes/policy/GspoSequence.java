package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.SequenceSurrogate;
import lossmith.recipes.surrogate.Surrogate;

/** One ratio per response, the geometric mean of its tokens' ratios, with its own gradient. */
public final class GspoSequence implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "gspo-sequence",
            "One ratio per response, the geometric mean of its tokens' ratios",
            new Source(
                "Group Sequence Policy Optimization", "GSPO", "https://arxiv.org/abs/2507.18071"))
        .claiming(Claims.normalised(Aggregation.GROUP_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    Term<Sequence> s = SequenceSurrogate.ratio();
    Term<Sequence> objective = SequenceSurrogate.clipped(s, a.mean(TOKENS), clip);
    return Diagnostics.clipped(
        maximise(objective.mean(SEQUENCES).mean(GROUPS)), s.per(TOKEN), a, clip);
  }
}
