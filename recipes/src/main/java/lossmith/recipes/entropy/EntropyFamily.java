package lossmith.recipes.entropy;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that hold entropy up. */
public final class EntropyFamily {
  private EntropyFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(
        new EntropyShaped(),
        new ForkingTokens(),
        new ClipCov(),
        new ClipCovGiven(),
        new KlCov(),
        new SelfCertainty(),
        new TokenEntropy(),
        new TrajectoryEntropy(),
        new Unified());
  }
}
