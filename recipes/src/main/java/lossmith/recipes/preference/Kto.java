package lossmith.recipes.preference;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Kahneman-Tversky optimisation of unpaired responses. λ_D (1 − σ(β (x − z₀))) for a response with
 * a positive reward, λ_U (1 − σ(β (z₀ − x))) for any other.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/ΣG) Σ_{g,i} σ(-beta·x·s)·w
 *   where z = max((1/ΣG) Σ_{g,i} mismatched_log_ratio, 0)
 *   where x = Σ_t (log π(y_t) - log π_ref(y_t)) - z
 *   where s = {1 if reward > 0; -1 otherwise}
 *   where w = {lambda_desirable if reward > 0; lambda_undesirable otherwise}
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code mismatched_log_ratio} (sequence),
 *       {@code ref_log_prob} (token), {@code reward} (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code lambda_desirable} = 1 in [0, 1000],
 *       {@code lambda_undesirable} = 1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2402.01306">KTO: Model Alignment as Prospect
 *       Theoretic Optimization</a>, eqs 7 and 8
 *   <li>Differs: The log-ratios of mismatched responses come with the batch, in
 *       mismatched_log_ratio.
 * </ul>
 */
public final class Kto implements Recipe {
  @Override
  public Card card() {
    return Card.of("kto");
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Detached<Batch> mismatched = given("mismatched_log_ratio", SEQUENCE).mean(ALL_SEQUENCES);
    Detached<Batch> z = max(mismatched, constant(0, BATCH)).as("z");
    Condition<Sequence> desirable = reward().positive();
    Term<Sequence> x = Preference.logRatioToReference().sum(TOKENS).minus(z.per(SEQUENCE)).as("x");
    Detached<Sequence> side =
        select(desirable, constant(1, SEQUENCE), constant(-1, SEQUENCE)).as("s");
    Detached<Sequence> weight =
        select(
                desirable,
                parameter("lambda_desirable", 1, 0, 1e3).per(SEQUENCE),
                parameter("lambda_undesirable", 1, 0, 1e3).per(SEQUENCE))
            .as("w");
    Term<Sequence> loss = x.weightedBy(side).scaledBy(beta).negated().sigmoid();
    return minimise(loss.weightedBy(weight).mean(ALL_SEQUENCES));
  }
}
