package lossmith.export;

import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is exported has the same loss and gradient through {@code torch.compile}, also where the
 * gradient takes the place of the logits. The objective is one whose gradient reads sums of a row.
 */
@NeedsPython
final class TorchCompiledTest {
  @Test
  void compiledItIsTheSame(@TempDir Path folder) throws Exception {
    Recipe recipe = Recipes.get("distil-jsd");
    PythonProcess python = PythonProcess.withCompiler(recipe.name() + " through torch.compile");
    Objective objective =
        new Objective(recipe.name(), recipe.title(), recipe.loss(Conventions.paper()));
    Path file = folder.resolve("objective.py");
    Files.writeString(file, TorchExport.write(recipe, objective));
    python.run(PythonProcess.script("export/compiled.py"), file.toString());
  }
}
