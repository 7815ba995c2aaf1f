package lossmith.export;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.python.TorchModule;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.report.ResourceText;

/**
 * The Python package {@code lossmith_objectives}: a module for each objective, a README, and tests
 * that {@code python -m pytest} runs.
 */
public final class TorchPackage {
  /** The folder of the package. */
  public static final String NAME = "lossmith_objectives";

  private TorchPackage() {}

  /**
   * {@return the text of each file of the package, by its path in the folder that it is written to}
   *
   * @param recipes the objectives, each with a name of its own
   * @param conventions what trainers choose differently
   */
  public static Map<String, String> files(Seq<Recipe> recipes, Conventions conventions) {
    Map<String, String> modules =
        recipes.toLinkedMap(
            recipe ->
                Tuple.of(
                    NAME + "/" + TorchModule.name(recipe.name()) + ".py",
                    TorchExport.write(
                        recipe,
                        new Objective(recipe.name(), recipe.title(), recipe.loss(conventions))
                            .trained())));
    String list =
        recipes.map(r -> "- `" + TorchModule.name(r.name()) + "`: " + r.title()).mkString("\n");
    return LinkedHashMap.of(
            "README.md",
            ResourceText.read("/export/README.md").replace("{objectives}", list),
            NAME + "/__init__.py",
            "\"\"\"Objectives of policy optimisation, a module for each.\"\"\"\n",
            "test_objectives.py",
            ResourceText.read("/export/test_objectives.py"))
        .merge(modules);
  }
}
