package lossmith.recipes.reward;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.trainable;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * A process reward model of labelled steps. y log σ(q) + (1 − y) log σ(−q) at the last token of
 * each step, q the column step_score, the logit of "right" less that of "wrong", y the column
 * step_label: 1 right, 0 wrong, −1 at other tokens.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/(Σ_{i,t} 1[step])) Σ_{i,t} 1[step]·(y·log σ(q) + (1 - y)·log σ(-q))
 *   where q = step_score
 *   where y = step_label
 *   where step ⇔ y ≥ 0
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code step_label} (token), {@code step_score} (token, trained)
 *   <li>Source: <a href="https://arxiv.org/abs/2211.14275">Solving math word problems with process-
 *       and outcome-based feedback</a>, process-supervised reward model; TRL PRMTrainer
 * </ul>
 */
public final class Prm implements Recipe {
  private static final String SCORE = "step_score";

  @Override
  public Card card() {
    return Card.of("prm");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Token> q = trainable(SCORE, TOKEN).as("q");
    Detached<Token> right = given("step_label", TOKEN).as("y");
    Condition<Token> step = right.atLeast(constant(0, TOKEN)).as("step");
    Detached<Token> wrong = right.negated().shiftedBy(1);
    Term<Token> likelihood =
        q.logSigmoid().times(right).plus(q.negated().logSigmoid().times(wrong));
    return maximise(likelihood.mean(ALL_TOKENS.where(step))).training(SCORE);
  }
}
