package lossmith.recipes.critic;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes with a critic or a dual variable. */
public final class CriticFamily {
  private CriticFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(
        new Qpg(),
        new Rmpg(),
        new Rpg(),
        new Mpo(),
        new VMpo(),
        new PpoActorCritic(),
        new ValueClipped());
  }
}
