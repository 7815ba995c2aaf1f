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

  /** {@return the families, in the order in which they are listed} */
  public static Seq<Family> families() {
    return List.of(
        new Family("policy", "policy gradients on fresh samples", PolicyFamily.recipes()),
        new Family(
            "off-policy",
            "policy gradients on samples of another policy",
            OffPolicyFamily.recipes()),
        new Family("entropy", "policy gradients that hold entropy up", EntropyFamily.recipes()),
        new Family("critic", "with a critic or a dual variable", CriticFamily.recipes()),
        new Family(
            "regression", "regressions of a log-ratio on a reward", RegressionFamily.recipes()),
        new Family(
            "preference", "preferred responses against rejected ones", PreferenceFamily.recipes()),
        new Family("reward", "reward models", RewardFamily.recipes()),
        new Family("distillation", "towards a teacher", DistilFamily.recipes()));
  }

  /** {@return all of them} */
  public static Seq<Recipe> all() {
    return families().flatMap(Family::recipes);
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
