package lossmith.recipes.reward;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.trainable;

import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * A reward model of pairs, Bradley-Terry. log σ(s(y_w) − s(y_l) − margin) of the scores that a head
 * gives to whole responses, the column score, and their sum kept near 0.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_order = -(1/N) Σ_g log σ(Σ_i score·s - margin)
 * L_centre = centring·(1/N) Σ_g (Σ_i score)^2
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code score} (sequence, trained), {@code sign} (sequence)
 *   <li>Parameters: {@code margin} = 0 in [0, 1000], {@code centring} = 0.01 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2203.02155">Training language models to follow
 *       instructions with human feedback</a>, eq 1; margin: Llama 2, eq 2; centring: Helping or
 *       Herding, section 2
 * </ul>
 */
public final class RewardModel implements Recipe {
  private static final String SCORE = "score";

  @Override
  public Card card() {
    return Card.of("reward-model");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> score = trainable(SCORE, SEQUENCE);
    Term<Group> apart = score.weightedBy(sign().as("s")).sum(SEQUENCES);
    Loss order =
        maximise(apart.minus(parameter("margin", 0, 0, 1e3).per(GROUP)).logSigmoid().mean(GROUPS))
            .as("order");
    Loss centre =
        minimise(score.sum(SEQUENCES).square().mean(GROUPS))
            .scaledBy(parameter("centring", 0.01, 0, 1e3))
            .as("centre");
    return order.plus(centre).training(SCORE);
  }
}
