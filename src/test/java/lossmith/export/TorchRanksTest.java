package lossmith.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that lies with two processes has the loss and the gradient of the whole. */
@NeedsPython
final class TorchRanksTest {
  private static final List<String> NAMES = List.of("grpo", "dapo", "cispo", "gspo");

  @Test
  void twoProcessesComeToTheLossOfTheWholeBatch(@TempDir Path folder) throws Exception {
    PythonProcess python = PythonProcess.withTorch(NAMES + " on two processes");
    String[] command = new String[1 + NAMES.size()];
    command[0] = PythonProcess.script("export/ranks.py");
    for (int i = 0; i < NAMES.size(); i++) {
      Recipe recipe = Recipes.get(NAMES.get(i));
      Objective objective =
          new Objective(recipe.name(), recipe.title(), recipe.loss(Conventions.paper()));
      Path file = folder.resolve(recipe.name() + ".py");
      command[i + 1] = Files.writeString(file, TorchExport.write(recipe, objective)).toString();
    }
    python.run(command);
  }
}
