package lossmith.recipes.catalogue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Recipe;
import lossmith.recipes.critic.CriticFamily;
import lossmith.recipes.distil.DistilFamily;
import lossmith.recipes.entropy.EntropyFamily;
import lossmith.recipes.offpolicy.OffPolicyFamily;
import lossmith.recipes.policy.PolicyFamily;
import lossmith.recipes.preference.PreferenceFamily;
import lossmith.recipes.regression.RegressionFamily;
import lossmith.recipes.reward.RewardFamily;

/** The recipes that come with the library, family by family. */
public final class Recipes {
  private Recipes() {}

  /** {@return all of them} */
  public static Seq<Recipe> all() {
    return List.of(
            PolicyFamily.recipes(),
            OffPolicyFamily.recipes(),
            EntropyFamily.recipes(),
            CriticFamily.recipes(),
            RegressionFamily.recipes(),
            PreferenceFamily.recipes(),
            RewardFamily.recipes(),
            DistilFamily.recipes())
        .flatMap(family -> family);
  }

  /** {@return the recipe of that name, if there is one} */
  public static Option<Recipe> named(String name) {
    return all().find(recipe -> recipe.name().equals(name));
  }

  /**
   * {@return the recipe of that name}
   *
   * @param name its name, such as {@code grpo}
   * @throws lossmith.dsl.ProblemException where no recipe has that name, with the nearest one
   */
  public static Recipe get(String name) {
    return named(name).getOrElseThrow(() -> unknown(name));
  }

  private static ProblemException unknown(String name) {
    Seq<String> names = all().map(Recipe::name);
    return Problem.of(
            "recipe",
            "\"" + name + "\", no recipe" + Nearest.to(name, names),
            Nearest.among(name, names),
            "Recipes.get(\"grpo\")")
        .exception();
  }
}
