package lossmith.recipes.preference;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Binary classifier optimisation of unpaired responses. −log σ(β x − δ) for a response with a
 * positive reward, −log σ(δ − β x) for any other, x the log-ratio to the reference.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} log σ(beta·Σ_t (log π(y_t) - log π_ref(y_t))·s - δ·s)
 *   where s = {1 if reward > 0; -1 otherwise}
 *   where δ = reward_shift
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code
 *       reward_shift} (batch), {@code reward} (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2404.04656">Binary Classifier Optimization for Large
 *       Language Model Alignment</a>, the BCO loss with reward shift; TRL BCOTrainer
 *   <li>Differs: The moving average of rewards δ comes with the batch, in reward_shift; the weights
 *       that correct for the prompts of bad responses are 1.
 * </ul>
 */
public final class Bco implements Recipe {
  @Override
  public Card card() {
    return Card.of("bco").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> s =
        select(reward().positive(), constant(1, SEQUENCE), constant(-1, SEQUENCE)).as("s");
    Detached<Sequence> shift = given("reward_shift", BATCH).as("δ").per(SEQUENCE);
    Term<Sequence> x =
        Preference.logRatioToReference()
            .weightedBy(s.per(TOKEN))
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    return maximise(x.minus(shift.times(s)).logSigmoid().mean(ALL_SEQUENCES));
  }
}
