package lossmith.recipes.reward;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that train reward models. */
public final class RewardFamily {
  private RewardFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(new RewardModel(), new ImplicitPrm(), new Prm());
  }
}
