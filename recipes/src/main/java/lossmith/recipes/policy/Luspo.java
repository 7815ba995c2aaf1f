package lossmith.recipes.policy;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
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
import lossmith.recipes.surrogate.SequenceSurrogate;
import lossmith.recipes.surrogate.Surrogate;

/** GSPO in which a response weighs as much as it has tokens. */
public final class Luspo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "luspo",
            "GSPO in which a response weighs as much as it has tokens",
            new Source(
                "Length-Unbiased Sequence Policy Optimization",
                "the objective of LUSPO",
                "https://arxiv.org/abs/2602.05261"))
        .claiming(Claims.normalised(x -> x.sum(TOKENS).mean(SEQUENCES).mean(GROUPS)));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    Term<Sequence> s = SequenceSurrogate.ratio();
    Term<Sequence> objective =
        SequenceSurrogate.clipped(s, a.mean(TOKENS), clip).weightedBy(length());
    return Diagnostics.clipped(
        maximise(objective.mean(SEQUENCES).mean(GROUPS)), s.per(TOKEN), a, clip);
  }
}
