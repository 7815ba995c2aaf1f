package lossmith.export;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * A loss of which nothing is trained is refused wherever it is written; one with a dead part not.
 */
final class DeadExportTest {
  private static final Recipe RECIPE = Recipes.get("ppo");

  private static void assertDead(Executable export) {
    String said = String.valueOf(assertThrows(ProblemException.class, export).getMessage());
    assertTrue(said.startsWith("dead-objective: "), said);
  }

  @Test
  void aLossWithoutGradientIsRefused() {
    for (Loss dead :
        List.of(
            maximise(reward().per(TOKEN).mean(ALL_TOKENS)),
            maximise(logProb().stopGradient().times(reward().per(TOKEN)).mean(ALL_TOKENS)),
            maximise(logProb().minus(logProb()).exp().times(reward().per(TOKEN)).mean(ALL_TOKENS)),
            maximise(logProb().mean(ALL_TOKENS)).training())) {
      Objective objective = new Objective("dead", "Dead", dead);
      assertDead(() -> TorchExport.write(RECIPE, objective));
      for (Trainer trainer : Trainer.values()) {
        assertDead(() -> TrainerExport.files(trainer, RECIPE, objective));
      }
    }
  }

  @Test
  void aLossWithADeadPartIsWritten() {
    Loss bonus = maximise(entropy().stopGradient().mean(ALL_TOKENS)).as("bonus");
    Loss loss = maximise(logProb().mean(ALL_TOKENS)).plus(bonus);
    String text = TorchExport.write(RECIPE, new Objective("half", "Half dead", loss));
    assertTrue(text.contains("def half("), text);
  }
}
