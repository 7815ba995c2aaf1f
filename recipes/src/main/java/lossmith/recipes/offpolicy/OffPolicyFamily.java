package lossmith.recipes.offpolicy;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that are policy gradients on samples of another policy. */
public final class OffPolicyFamily {
  private OffPolicyFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(
        new PpoTokenIs(),
        new Tis(),
        new Topr(),
        new CeGppo(),
        new Aspo(),
        new DecoupledPpo(),
        new M2po(),
        new Opsm(),
        new VapoNll(),
        new Vespo(),
        new Dft());
  }
}
