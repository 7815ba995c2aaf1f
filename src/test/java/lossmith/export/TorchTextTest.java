package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The text of exported PyTorch, to be read: the files of {@code export/torch} of the resources.
 * {@code -Dlossmith.write=true} writes them.
 */
final class TorchTextTest {
  private static final Path FOLDER =
      Path.of(Files.exists(Path.of("src/test")) ? "" : "..")
          .resolve("src/test/resources/export/torch");

  @ParameterizedTest
  @ValueSource(strings = {"grpo", "dapo", "cispo", "gspo", "clip-cov", "dpo", "ppo"})
  void theTextIsAsItWasRead(String name) throws Exception {
    Recipe recipe = Recipes.get(name);
    String text =
        TorchExport.write(
            recipe, new Objective(name, recipe.title(), recipe.loss(Conventions.paper())));
    Path file = FOLDER.resolve(name + ".py");
    if (Boolean.getBoolean("lossmith.write")) {
      Path written = Files.writeString(file, text);
      assertTrue(Files.exists(written));
    }
    assertEquals(Files.readString(file), text);
  }
}
