package lossmith.export;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanForward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/** An advantage goes to the place where a trainer computes advantages, or is refused. */
final class AdvantageHookTest {
  private static final Detached<Sequence> CENTRED =
      reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));

  private static Loss weighing(Detached<Token> advantage) {
    return maximise(ratio().times(advantage.as("A")).mean(ALL_TOKENS));
  }

  private static String settings(Trainer trainer, Loss loss) {
    return TrainerExport.files(trainer, Recipes.get("ppo"), new Objective("mine", "Mine", loss))
        .get("mine_" + trainer.id().replace("-", "_") + ".md")
        .get();
  }

  private static void assertRefused(Trainer trainer, Loss loss, String why) {
    ProblemException refused = assertThrows(ProblemException.class, () -> settings(trainer, loss));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains(why), said);
  }

  @Test
  void openInstructIsToldWhichOfItsTwoAdvantagesItIs() {
    Detached<Sequence> standard = Advantages.normalised(reward(), Conventions.paper());
    String centred = settings(Trainer.OPEN_INSTRUCT, weighing(CENTRED.per(TOKEN)));
    assertTrue(centred.contains("--advantage_normalization_type centered\n"), centred);
    String divided = settings(Trainer.OPEN_INSTRUCT, weighing(standard.per(TOKEN)));
    assertTrue(divided.contains("--advantage_normalization_type standard\n"), divided);
  }

  @Test
  void anAdvantageThatOpenInstructHasNotIsRefused() {
    String why = "with no place for others";
    Detached<Sequence> wider = Advantages.normalised(reward(), Conventions.trl());
    assertRefused(Trainer.OPEN_INSTRUCT, weighing(wider.per(TOKEN)), why);
    assertRefused(Trainer.OPEN_INSTRUCT, weighing(CENTRED.scaledBy(2).per(TOKEN)), why);
    assertRefused(Trainer.OPEN_INSTRUCT, weighing(reward().per(TOKEN)), why);
    Detached<Sequence> alone = Advantages.centred(reward(), Conventions.verl());
    assertRefused(Trainer.OPEN_INSTRUCT, weighing(alone.per(TOKEN)), why);
  }

  @Test
  void anAdvantageOfEachTokenIsRefusedWhereOneOfEachResponseIsHandedOn() {
    Detached<Token> later = scanForward(constant(1, TOKEN), constant(1, TOKEN));
    Loss loss = weighing(CENTRED.per(TOKEN).times(later));
    assertRefused(Trainer.SLIME, loss, "its advantage is a number of each token");
    assertEquals(2, settings(Trainer.VERL, loss).split("lossmith_mine\n", -1).length - 1);
  }

  @Test
  void anAdvantageOfMorePromptsIsRefusedWhereOneIsSeen() {
    Detached<Sequence> ofAll = reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE));
    assertRefused(Trainer.PRIME_RL, weighing(ofAll.per(TOKEN)), "to one prompt");
    assertTrue(settings(Trainer.PRIME_RL, weighing(CENTRED.per(TOKEN))).contains("orchestrator"));
    assertTrue(settings(Trainer.SLIME, weighing(ofAll.per(TOKEN))).contains("mine_slime.rewards"));
  }
}
