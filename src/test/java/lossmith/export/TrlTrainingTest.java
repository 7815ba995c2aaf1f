package lossmith.export;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.maximise;

import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TRL's own trainer runs exported objectives: grpo beside TRL's own loss at every step, cispo, and
 * clip-cov with an entropy bonus, which needs its whole batch in one step.
 */
@NeedsPython
final class TrlTrainingTest {
  @Test
  void trlTrainsWithExportedObjectives(@TempDir Path folder) throws Exception {
    PythonProcess python = PythonProcess.with("trl", "three objectives in TRL's trainer");
    Loss bonus = maximise(entropy().mean(ALL_TOKENS).scaledBy(0.01)).as("entropy_bonus");
    python.run(
        PythonProcess.script("export/trainers/trl_run.py"),
        written("grpo", Recipes.get("grpo").loss(Conventions.trl()), folder),
        written("cispo", Recipes.get("cispo").loss(Conventions.paper()), folder),
        written("clip-cov", Recipes.get("clip-cov").loss(Conventions.paper()).plus(bonus), folder));
  }

  private static String written(String name, Loss loss, Path folder) throws Exception {
    Recipe recipe = Recipes.get(name);
    Objective objective = new Objective(name, recipe.title(), loss);
    var file = TrainerExport.files(Trainer.TRL, recipe, objective).head();
    return Files.writeString(folder.resolve(file._1), file._2).toString();
  }
}
