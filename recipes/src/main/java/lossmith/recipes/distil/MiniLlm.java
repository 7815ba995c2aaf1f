package lossmith.recipes.distil;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.scanBackward;

import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Teacher;
import lossmith.recipes.surrogate.Surrogate;

/**
 * KL(π ‖ P) of each token, P the teacher, and the clipped surrogate of its longer end: A is the
 * mean of log P − log π_old over the tokens that follow.
 */
public final class MiniLlm implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "minillm",
            "Reverse divergence of whole responses, its next step exactly",
            new Source(
                "MiniLLM: Knowledge Distillation of Large Language Models",
                "eqs 3 to 5",
                "https://arxiv.org/abs/2306.08543"))
        .claiming(new Claim.Averages("KL", Claim.Divergence.REVERSE, Columns.LOG_PROB))
        .deviating(
            "log P − log π_old is held within ±20.",
            "The next step is not weighted by the ratio, as TRL has it; responses of a mixture with"
                + " the teacher, and the language modelling loss, are for the caller.");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> left = scanBackward(one, one).minus(one).as("n");
    Detached<Token> a = next(Teacher.toGo(1), 0).dividedBy(max(left, one)).as("A");
    Term<Token> kl = expected(logPi(), logPi().minus(referenceLogPi())).as("KL");
    Term<Token> r = Surrogate.ratio(c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Loss next = minimise(c.aggregate(kl, Aggregation.TOKEN_MEAN)).as("next");
    Loss after =
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)).as("after");
    return Diagnostics.clipped(next.plus(after), r, a, clip);
  }
}
