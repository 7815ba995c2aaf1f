package lossmith.recipes.entropy;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

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
import lossmith.recipes.surrogate.Surrogate;

/** High log-probability of the response as the reward. */
public final class TrajectoryEntropy implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "trajectory-entropy",
            "High log-probability of the response as the reward",
            new Source(
                "No Free Lunch: Rethinking Internal Feedback for LLM Reasoning",
                "internal feedback: trajectory-level entropy",
                "https://arxiv.org/abs/2506.17219"))
        .claiming(Claims.policyGradient(Aggregation.GROUP_MEAN).append(Claims.clipped()))
        .deviating("The log-probability is per token of the response.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> feedback = logProb().stopGradient().mean(TOKENS).as("R");
    Detached<Token> a = Advantages.groupNormalised(feedback, c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Loss loss =
        Diagnostics.clipped(
            maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.GROUP_MEAN)),
            r,
            a,
            clip);
    return loss.log("feedback", feedback.mean(ALL_SEQUENCES));
  }
}
