package lossmith.recipes.preference;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.sign;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Odds ratio preference optimisation, no reference. Imitation of the chosen response and the odds
 * of it against the rejected one, by mean log-probabilities ℓ.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L_objective = -(1/N) Σ_g 0.5·Σ_i ℓ·(sign + 1)
 * L_odds = -lambda·(1/N) Σ_g log σ(Σ_i (ℓ - log(1 - exp(min(ℓ, -1e-6))))·sign)
 *   where ℓ = (1/|y_i|) Σ_t log π(y_t)
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code sign} (sequence)
 *   <li>Parameters: {@code lambda} = 0.1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2403.07691">ORPO: Monolithic Preference Optimization
 *       without Reference Model</a>, eqs 6 and 7
 *   <li>Differs: A response is never more certain than ℓ = −1e-6, where its odds would be infinite.
 * </ul>
 */
public final class Orpo implements Recipe {
  private static final double CERTAIN = -1e-6;

  @Override
  public Card card() {
    return Card.of("orpo");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> l = logProb().mean(TOKENS).as("ℓ");
    Term<Sequence> odds = l.minus(l.clip(Clip.atMost(constant(CERTAIN, BATCH))).log1mExp());
    Term<Group> h = odds.weightedBy(sign()).sum(SEQUENCES);
    Detached<Sequence> chosen = sign().shiftedBy(1).scaledBy(0.5);
    Term<Group> imitation = l.weightedBy(chosen).sum(SEQUENCES);
    return maximise(imitation.mean(GROUPS))
        .plus(
            maximise(h.logSigmoid().mean(GROUPS))
                .scaledBy(parameter("lambda", 0.1, 0, 1e3))
                .as("odds"));
  }
}
