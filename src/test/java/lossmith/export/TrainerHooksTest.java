package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is exported for a trainer has the loss and the gradient of the whole batch, however the
 * trainer splits and shuffles it: each hook is called as that trainer calls it, by a stand-in. The
 * test beside each file passes.
 */
@NeedsPython
final class TrainerHooksTest {
  private static final Map<String, List<Trainer>> OBJECTIVES =
      LinkedHashMap.of(
          "ppo",
          List.of(
              Trainer.VERL,
              Trainer.PRIME_RL,
              Trainer.SKYRL,
              Trainer.NEMO_RL,
              Trainer.SLIME,
              Trainer.OPENRLHF,
              Trainer.OPEN_INSTRUCT),
          "grpo",
          List.of(
              Trainer.VERL,
              Trainer.SKYRL,
              Trainer.NEMO_RL,
              Trainer.SLIME,
              Trainer.OPENRLHF,
              Trainer.TINKER_GRAPH),
          "gspo",
          List.of(Trainer.VERL, Trainer.SKYRL, Trainer.NEMO_RL, Trainer.SLIME, Trainer.OPENRLHF),
          "topr",
          List.of(
              Trainer.VERL, Trainer.NEMO_RL, Trainer.SLIME, Trainer.OPENRLHF, Trainer.TINKER_GRAPH),
          "gmpo",
          List.of(Trainer.VERL, Trainer.NEMO_RL, Trainer.SLIME, Trainer.OPENRLHF),
          "clip-cov",
          List.of(Trainer.TINKER),
          "m2po",
          List.of(Trainer.TINKER));

  @Test
  void partsOfTheBatchAddUpToItsLoss(@TempDir Path folder) throws Exception {
    PythonProcess python =
        PythonProcess.withTorch(OBJECTIVES.keySet().mkString(", ") + " in hooks of trainers");
    List<String> arguments = new ArrayList<>();
    arguments.add(PythonProcess.script("export/trainers/hooks.py"));
    for (var one : OBJECTIVES) {
      Recipe recipe = Recipes.get(one._1);
      Objective objective = new Objective(one._1, recipe.title(), recipe.loss(Conventions.paper()));
      Path whole = folder.resolve(one._1 + ".py");
      arguments.add(Files.writeString(whole, TorchExport.write(recipe, objective)).toString());
      for (Trainer trainer : one._2) {
        Map<String, String> files = TrainerExport.files(trainer, recipe, objective);
        for (var file : files) {
          Path written = Files.writeString(folder.resolve(file._1), file._2);
          assertTrue(Files.exists(written));
        }
        String module = files.keySet().find(file -> file.endsWith(".py")).get();
        arguments.add(trainer.id() + "=" + folder.resolve(module));
      }
    }
    python.run(arguments.toArray(new String[0]));
  }
}
