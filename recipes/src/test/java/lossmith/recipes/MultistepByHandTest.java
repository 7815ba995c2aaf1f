package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Advantages over several steps of one response, as rlax's own functions give them at discounts of
 * 1 and a value of 0 behind the last token.
 */
final class MultistepByHandTest {
  private static final double[] LOG_PROB = {-1, -2, -3, -5};
  private static final double[] RATIO = {0.5, 1.5, 2, 0.25};

  private static Samples response() {
    double[] old = new double[RATIO.length];
    Arrays.setAll(old, t -> LOG_PROB[t] - Math.log(RATIO[t]));
    return new SamplesBuilder(new int[] {4}, new int[] {0})
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0})
        .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, new double[] {1, -2, 0, 3})
        .column(Columns.VALUE, Level.Name.TOKEN, new double[] {0.5, 1, -1, 2})
        .column("q_value", Level.Name.TOKEN, new double[] {9, 1.5, -0.5, 2.5})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, LOG_PROB)
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "n-step-returns, 0.5, 0, 4, 1",
    "lambda-returns, 1.059, -0.49, 3.9, 1",
    "importance-corrected, 1.968375, 2.7075, 6.45, 0.25",
    "v-trace, 0.375, -0.75, 3.25, 0.25",
    "leaky-v-trace, 1.296875, 1.09375, 4.875, 0.25",
    "retrace, -0.375, -1.375, 3.125, 1",
    "q-lambda, -0.1605, -1.345, 3.45, 1",
    "tree-backup, 0.9078587928978377, -3.875364597766389, 3.003368973499543, 1.0"
  })
  void whatATokenEarnedLessItsValue(String part, double a, double b, double c, double d) {
    var loss = Composition.of(part + "+log-prob+token-sum").loss(Conventions.paper());
    double[] raised = Small.gradient(loss, response());
    assertArrayEquals(new double[] {-a, -b, -c, -d}, raised, 1e-14, part);
  }

  /** Two responses with values .5 and .4 and no reward, the second cut before a state worth .6. */
  @Test
  void gaeGoesOnBehindACut() {
    Samples samples =
        new SamplesBuilder(new int[] {2, 2}, new int[] {0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[2])
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, new double[4])
            .column(Columns.VALUE, Level.Name.TOKEN, new double[] {0.5, 0.4, 0.5, 0.4})
            .column(Columns.FINISHED, Level.Name.SEQUENCE, new double[] {1, 0})
            .column("next_value", Level.Name.SEQUENCE, new double[] {0.6, 0.6})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1, -1, -1, -1})
            .build();
    double[] finished = {-0.1 - 0.95 * 0.4, -0.4};
    double[] cut = {-0.1 + 0.95 * 0.2, 0.2};
    assertArrayEquals(
        new double[] {-finished[0], -finished[1], -cut[0], -cut[1]},
        raised("gae-bootstrapped", samples),
        1e-15);
    assertArrayEquals(
        new double[] {-finished[0], -finished[1], -finished[0], -finished[1]},
        raised("gae", samples),
        1e-15);
  }

  private static double[] raised(String part, Samples samples) {
    return Small.gradient(
        Composition.of(part + "+log-prob+token-sum").loss(Conventions.paper()), samples);
  }
}
