package lossmith.recipes.policy;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that are policy gradients on fresh samples. */
public final class PolicyFamily {
  private PolicyFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(
        new Reinforce(),
        new Ppo(),
        new Grpo(),
        new DapoAsPrinted(),
        new Dapo(),
        new Cispo(),
        new Psr(),
        new Nsr(),
        new WeightedReinforce(),
        new ProRl(),
        new Gspo(),
        new GspoSequence(),
        new Luspo(),
        new Sapo(),
        new Gmpo(),
        new DppoTv(),
        new DppoKl(),
        new Dro(),
        new Gpg(),
        new DrGrpo());
  }
}
