package lossmith.recipes.regression;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that regress a log-ratio on a reward. */
public final class RegressionFamily {
  private RegressionFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(new Gvpo(), new Tpo(), new FlowRl(), new AStarPo(), new SppoRegression());
  }
}
