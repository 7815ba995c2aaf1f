package lossmith.recipes.preference;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * log π(y) weighted by P − 1/2 − β log(π(y)/π_ref(y)), held; the reward is P, how likely the
 * response is preferred to one of the mixture.
 */
public final class NashMd implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "nash-md",
            "Policy gradient towards the Nash equilibrium of a preference",
            new Source(
                "Nash Learning from Human Feedback",
                "Nash-MD-PG; TRL NashMDTrainer",
                "https://arxiv.org/abs/2312.00886"))
        .deviating(
            "Responses of the geometric mixture and their probabilities of being preferred come"
                + " with the batch.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> away = Preference.towardsReference().stopGradient().sum(TOKENS).as("x");
    Detached<Sequence> weight =
        reward().shiftedBy(-0.5).minus(away.scaledBy(parameter("beta", 0.1, 0, 1e3))).as("w");
    return maximise(logProb().sum(TOKENS).weightedBy(weight).mean(ALL_SEQUENCES));
  }
}
