package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** Objectives as they were printed where the print cannot be run; each must be refused. */
public final class Misprints {
  private Misprints() {}

  /** {@return CISPO without its log π (Entropy Collapse, eq 7 as printed): no gradient at all} */
  public static Loss cispo(Conventions c) {
    Detached<Token> weight =
        Surrogate.ratio(c).clip(Surrogate.trustRegion(0.2, 0.2)).stopGradient();
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    return maximise(c.aggregate(a.weightedBy(weight), Aggregation.GROUP_MEAN));
  }
}
