package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Map;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a trainer cannot run is refused with the reason; the texts of the files, to be read, are
 * those of {@code export/trainers} of the resources ({@code -Dlossmith.write=true} writes them).
 */
final class TrainerExportTest {
  private static final Path FOLDER =
      Path.of(Files.exists(Path.of("src/test")) ? "" : "..")
          .resolve("src/test/resources/export/trainers");

  private static Map<String, String> files(Trainer trainer, String name) {
    Recipe recipe = Recipes.get(name);
    return TrainerExport.files(
        trainer, recipe, new Objective(name, recipe.title(), recipe.loss(Conventions.paper())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TRL|dpo|the sequence column sign",
        "TRL|qpg|which is not handed over",
        "VERL|ppo-actor-critic|the token column",
        "VERL|prorl|ref_log_prob",
        "VERL|clip-cov|rows have no share of the loss by themselves",
        "VERL|entropy-shaped|H(π)",
        "VERL|dr-grpo|a token counts",
        "PRIME_RL|grpo|a token counts",
        "PRIME_RL|gspo|a token counts",
        "PRIME_RL|gpg|advantages are computed of the responses to one prompt",
        "OPEN_INSTRUCT|psr|with no place for others",
        "PRIME_RL|m2po|compares the policy at tokens of more than one response",
        "SKYRL|dro|not proportional to them",
        "SKYRL|dr-grpo|a token counts",
        "NEMO_RL|dapo|a token counts",
        "SLIME|gvpo|more than one response",
        "OPENRLHF|opd|ref_log_prob",
        "OPEN_INSTRUCT|gspo|without the others of its response",
        "OPEN_INSTRUCT|dr-grpo|a token counts",
        "TINKER|token-entropy|H(π)",
        "TINKER|qpg|which is not handed over",
        "TINKER_GRAPH|dpo|a sum over more than one response",
        "TINKER_GRAPH|clip-cov|tinker or pytorch",
        "OPENRLHF|tpo|more than one response"
      })
  void whatATrainerCannotRunIsRefusedWithTheReason(Trainer trainer, String name, String why) {
    ProblemException refused = assertThrows(ProblemException.class, () -> files(trainer, name));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains(why) && said.contains(trainer.title()), said);
  }

  @ParameterizedTest
  @EnumSource(Trainer.class)
  void theTextIsAsItWasRead(Trainer trainer) throws Exception {
    for (var one : files(trainer, "ppo").filterKeys(name -> !name.matches("test_.*json"))) {
      Path file = FOLDER.resolve(one._1);
      if (Boolean.getBoolean("lossmith.write")) {
        assertTrue(Files.exists(Files.writeString(file, one._2)));
      }
      assertEquals(Files.readString(file), one._2);
    }
  }
}
