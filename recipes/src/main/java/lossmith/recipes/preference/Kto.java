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
import lossmith.recipes.Source;

/**
 * λ_D (1 − σ(β (x − z₀))) for a response with a positive reward, λ_U (1 − σ(β (z₀ − x))) for any
 * other.
 */
public final class Kto implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "kto",
            "Kahneman-Tversky optimisation of unpaired responses",
            new Source(
                "KTO: Model Alignment as Prospect Theoretic Optimization",
                "eqs 7 and 8",
                "https://arxiv.org/abs/2402.01306"))
        .deviating(
            "The log-ratios of mismatched responses come with the batch, in mismatched_log_ratio.");
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Detached<Batch> mismatched = given("mismatched_log_ratio", SEQUENCE).mean(ALL_SEQUENCES);
    Detached<Batch> z = max(mismatched, constant(0, BATCH)).as("z");
    Condition<Sequence> desirable = reward().positive();
    Term<Sequence> x = Preference.towardsReference().sum(TOKENS).minus(z.per(SEQUENCE)).as("x");
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
