package lossmith.recipes.critic;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.AREAL;
import static lossmith.recipes.Counterpart.Project.NEMO_RL;
import static lossmith.recipes.Counterpart.Project.OPENRLHF;
import static lossmith.recipes.Counterpart.Project.ROLL;
import static lossmith.recipes.Counterpart.Project.SKYRL;
import static lossmith.recipes.Counterpart.Project.SLIME;
import static lossmith.recipes.Counterpart.Project.TRL;
import static lossmith.recipes.Counterpart.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Half the larger of (V − R)² and the same with V held within range of old_value. */
public final class ValueClipped implements Recipe {
  /** The recipe. */
  public ValueClipped() {}

  @Override
  public String name() {
    return "value-clipped";
  }

  @Override
  public String title() {
    return "The clipped loss of a value head";
  }

  @Override
  public Source source() {
    return new Source(
        "verl",
        "core_algos.compute_value_loss; OpenRLHF ValueLoss; slime value_loss",
        "https://github.com/volcengine/verl");
  }

  @Override
  public Seq<Counterpart> peers() {
    return List.of(
        Counterpart.of(VERL, "compute_value_loss"),
        Counterpart.of(OPENRLHF, "ValueLoss"),
        Counterpart.of(NEMO_RL, "value loss"),
        Counterpart.of(SLIME, "value_loss").differs("not halved"),
        Counterpart.of(ROLL, "critic loss")
            .differs("the mean of each response, then over responses"),
        Counterpart.of(SKYRL, "ppo_critic_loss")
            .differs("the mean of each response, then over responses"),
        Counterpart.of(AREAL, "ppo_critic_loss_fn, mse"),
        Counterpart.of(TRL, "PPOTrainer, cliprange_value"));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter range = parameter("value_range", 0.2, 1e-6, 1e6);
    Detached<Token> target = given("return", TOKEN).as("R");
    return minimise(
            c.aggregate(
                new ClippedValueLoss(given("old_value", TOKEN), target, range.per(TOKEN))
                    .perToken(),
                Aggregation.TOKEN_MEAN))
        .training(Columns.VALUE);
  }
}
