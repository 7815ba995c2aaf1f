package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.ops.SavedLoss;
import lossmith.ops.memory.Precision;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SavedModels, loaded and run by TensorFlow for Python, beside the reference, in double and in
 * single precision; others with {@code -Dlossmith.saved=NAME,NAME} or {@code =all}.
 */
@NeedsPython
final class SavedModelClientTest {
  private static final String ASKED = System.getProperty("lossmith.saved", "ppo-actor-critic");
  private static final int CASES = Trial.Kind.ROUND;

  /** So many recipes for one process. */
  private static final int AT_A_TIME = 16;

  /** One that draws random numbers is refused. */
  private static final String DRAWS = "clip-cov";

  @Test
  void pythonAnswersAsTheReference(@TempDir Path folder) throws Exception {
    Seq<Recipe> recipes =
        ASKED.equals("all")
            ? Recipes.all().reject(recipe -> recipe.name().equals(DRAWS))
            : List.of(ASKED.split(",", -1)).map(Recipes::get);
    PythonProcess python = PythonProcess.withTensorFlow(recipes.size() + " SavedModels");
    List<String> wrong = List.empty();
    for (Seq<Recipe> some : recipes.grouped(AT_A_TIME)) {
      wrong = wrong.appendAll(wrong(python, some, folder));
    }
    assertTrue(wrong.isEmpty(), wrong.size() + wrong.take(40).mkString("\n", "\n", ""));
  }

  private static Seq<String> wrong(PythonProcess python, Seq<Recipe> recipes, Path folder)
      throws Exception {
    List<SavedModelCase> asked = List.empty();
    for (Recipe recipe : recipes) {
      asked =
          asked
              .appendAll(SavedModelCase.written(recipe, folder, Precision.FLOAT64, true, CASES))
              .appendAll(SavedModelCase.written(recipe, folder, Precision.FLOAT32, false, CASES));
    }
    List<String> lines = List.empty();
    for (SavedModelCase one : asked) {
      lines = lines.append(one.line());
    }
    Path file = Files.write(folder.resolve("cases.jsonl"), lines);
    Path results = folder.resolve("results.jsonl");
    python.run(PythonProcess.script("export/saved_model.py"), file.toString(), results.toString());
    java.util.List<String> answers = Files.readAllLines(results);
    assertEquals(asked.size(), answers.size());
    List<String> wrong = List.empty();
    int logits = 0;
    int at = 0;
    for (SavedModelCase one : asked) {
      Map<String, Map<String, double[]>> found = SavedModelCase.answers(answers.get(at++));
      assertTrue(found.containsKey("statistics"), one.model());
      logits += found.containsKey("logits") ? 1 : 0;
      for (var signature : found) {
        wrong = wrong.appendAll(one.wrong(signature._1, signature._2, tolerance(one)));
      }
    }
    System.out.println(
        "TensorFlow for Python: "
            + recipes.map(Recipe::name).mkString(", ")
            + " as "
            + asked.map(SavedModelCase::model).distinct().size()
            + " SavedModels on "
            + asked.size()
            + " batches, of which "
            + logits
            + " from logits too; differing "
            + wrong.size()
            + wrong.take(20).mkString("\n", "\n", ""));
    return wrong;
  }

  @Test
  void theExampleOfTheDocumentationRuns(@TempDir Path folder) throws Exception {
    PythonProcess python = PythonProcess.withTensorFlow("the example of export.md");
    Path root = Path.of(Files.exists(Path.of("src/docs")) ? "" : "..");
    String page = Files.readString(root.resolve("src/docs/export.md"));
    String from = page.substring(page.indexOf("import numpy as np"));
    String example = from.substring(0, from.indexOf("```"));
    Path model = folder.resolve("grpo-model");
    SavedLoss.write(
        Recipes.get("grpo").loss(Conventions.paper()),
        HashSet.of("old_log_prob"),
        Precision.FLOAT32,
        model);
    String here = "import os; os.chdir(" + "r'" + folder + "')\n";
    // Of the first prompt a response of 3 tokens is better than one of 2, of the other none.
    String checked =
        "\na = 0.5 / np.std([1.0, 0.0], ddof="
            + Conventions.paper().stdDdof()
            + ")"
            + "\nassert abs(float(out['loss'])) < 1e-6"
            + "\nassert np.allclose(gradient[0], -a / 12, atol=1e-6), gradient"
            + "\nassert np.allclose(gradient[1, :2], a / 8, atol=1e-6), gradient"
            + "\nassert not gradient[~mask].any() and not gradient[2:].any(), gradient\n";
    python.run("-c", here + example + checked);
  }

  private static double tolerance(SavedModelCase one) {
    return one.precision() == Precision.FLOAT64 ? 1e-9 : 1e-5;
  }
}
