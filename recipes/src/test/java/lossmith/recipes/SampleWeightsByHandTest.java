package lossmith.recipes;

import static lossmith.recipes.PartsByHandTest.EVERY;
import static lossmith.recipes.PartsByHandTest.LOG_PROB;
import static lossmith.recipes.PartsByHandTest.three;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/** What a response is worth, of four tokens with log π = −1, −2, −3 and −5. */
final class SampleWeightsByHandTest {
  /** Lengths 1, 2 and 1: 1.5, 0.5 and 1.5, over 7/6. */
  @Test
  void aShorterResponseWeighsMore() {
    double mean = 3.5 / 3;
    assertEquals(
        (1.5 * 1 + 0.5 * (2 + 3) + 1.5 * 5) / mean / 4,
        PartsByHandTest.of("reward-to-go+token-mean+length-weighted", three(EVERY)),
        1e-15);
    Samples even =
        new SamplesBuilder(new int[] {2, 2}, new int[] {0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 1})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, LOG_PROB)
            .build();
    Loss loss = Composition.of("log-prob+reward-to-go+length-weighted").loss(Conventions.paper());
    assertEquals(11 / 4.0, Small.value(loss, even), 1e-15);
  }

  /** Prompts of difficulty 1/3 and 7, held at 1: 1, 1 and 2, over 4/3. */
  @Test
  void aHarderPromptWeighsMore() {
    assertEquals(
        (1 + 2 + 3 + 2 * 5) / (4 / 3.0) / 4,
        PartsByHandTest.of(
            "reward-to-go+token-mean+difficulty-weighted",
            three(EVERY).column("difficulty", Level.Name.GROUP, new double[] {1 / 3.0, 7})),
        1e-14);
  }

  @Test
  void aRewardIsLessWhereAStepIsWrongAndMoreWhereItIsNew() {
    assertEquals(
        (1 * 0 + (2 + 3) * 0 + 5 * 1) / 4.0,
        PartsByHandTest.of(
            "flawed-positive+reward-to-go+token-mean",
            three(1, 0, 1).column("flawed", Level.Name.SEQUENCE, new double[] {1, 0, 0})),
        1e-15);
    assertEquals(
        (1 * 6 + (2 + 3) * 2 + 5 * 1) / 4.0,
        PartsByHandTest.of(
            "exploration-bonus+reward-to-go+token-mean",
            three(1, 0, 1).column("bonus", Level.Name.SEQUENCE, new double[] {5, 2, 0})),
        1e-15);
  }
}
