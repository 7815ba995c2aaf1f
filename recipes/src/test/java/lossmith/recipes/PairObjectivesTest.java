package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.preference.LdDpo;
import lossmith.recipes.preference.TpoHinge;
import lossmith.recipes.preference.TpoIpo;
import lossmith.recipes.preference.TpoLength;
import lossmith.recipes.reward.ImplicitPrm;
import lossmith.recipes.reward.Prm;
import lossmith.recipes.reward.RewardModel;
import org.junit.jupiter.api.Test;

/** Objectives of chosen and rejected responses, of one prompt. */
final class PairObjectivesTest {
  private static final Conventions PAPER = Conventions.paper();

  private static double slope(double x) {
    return 1 / (1 + Math.exp(x));
  }

  /** A chosen response of three tokens and a rejected one of one. */
  private static Samples pair() {
    return new SamplesBuilder(new int[] {3, 1}, new int[] {0, 0})
        .column(Columns.SIGN, Level.Name.SEQUENCE, new double[] {1, -1})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1, -2, -3, -4})
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[] {-2, -2, -5, -3})
        .build();
  }

  @Test
  void whatIsBeyondTheShorterResponseCountsHalf() {
    double x = 0.1 * (1 + 0.5 * (0 + 2) - -1);
    double g = 0.1 * slope(x);
    assertArrayEquals(
        new double[] {-g, -g / 2, -g / 2, g},
        Small.gradient(new LdDpo().loss(PAPER), pair()),
        1e-15);
  }

  private static Samples triple() {
    return new SamplesBuilder(new int[] {2, 1, 1}, new int[] {0, 0, 0})
        .column("preference", Level.Name.SEQUENCE, new double[] {1, 0, -1})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1, -2, -7, -4})
        .build();
  }

  /** The margin is −1 − 2 + 4, of means −1.5 + 4; TRL's _compute_loss gives 7.99 and 13.25. */
  @Test
  void aTripleByAHingeOrASquareHasALikelihood() {
    Loss hinge = new TpoHinge().loss(PAPER);
    assertEquals(7.99, Small.value(hinge, triple()), 1e-14);
    assertArrayEquals(
        new double[] {-0.01, -0.01, -1, 0.01}, Small.gradient(hinge, triple()), 1e-15);
    Loss square = new TpoIpo().loss(PAPER);
    assertEquals(13.25, Small.value(square, triple()), 1e-14);
    assertArrayEquals(new double[] {-2.5, -2.5, -1, 5}, Small.gradient(square, triple()), 1e-14);
  }

  @Test
  void theEndsOfStepsAreRightOrWrong() {
    Samples samples =
        new SamplesBuilder(new int[] {3, 1}, new int[] {0, 1})
            .column("step_label", Level.Name.TOKEN, new double[] {1, -1, 0, 1})
            .column("step_score", Level.Name.TOKEN, new double[] {2, 9, 3, -1})
            .build();
    Loss loss = new Prm().loss(PAPER);
    double sum = Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(3)) + Math.log1p(Math.exp(1));
    assertEquals(sum / 3, Small.value(loss, samples), 1e-15);
    double[] g =
        new Reference(samples, HashMap.empty())
            .of(Small.bound(loss, samples).gradients().get("step_score").get());
    assertArrayEquals(new double[] {-slope(2) / 3, 0, slope(-3) / 3, -slope(-1) / 3}, g, 1e-15);
  }

  @Test
  void aTripleByLengthHasAMarginAndALikelihood() {
    Samples samples = triple();
    double x = 2 * (-1.5 + 4) - 0.5;
    Loss loss = new TpoLength().loss(PAPER);
    assertEquals(Math.log1p(Math.exp(-x)) + 7, Small.value(loss, samples), 1e-14);
    double g = 2 * slope(x);
    assertArrayEquals(new double[] {-g / 2, -g / 2, -1, g}, Small.gradient(loss, samples), 1e-15);
  }

  @Test
  void aRewardModelOrdersScoresAndKeepsThemNearZero() {
    Samples samples =
        new SamplesBuilder(new int[] {1, 1}, new int[] {0, 0})
            .column(Columns.SIGN, Level.Name.SEQUENCE, new double[] {-1, 1})
            .column("score", Level.Name.SEQUENCE, new double[] {2, 3})
            .build();
    Loss loss = new RewardModel().loss(PAPER);
    assertEquals(Math.log1p(Math.exp(-1)) + 0.01 * 25, Small.value(loss, samples), 1e-15);
    double[] g =
        new Reference(samples, HashMap.of("margin", 4.0))
            .of(Small.bound(loss, samples).gradients().get("score").get());
    assertArrayEquals(new double[] {slope(-3) + 0.1, -slope(-3) + 0.1}, g, 1e-15);
  }

  @Test
  void anOutcomeIsTheSumOfImplicitRewards() {
    Samples samples = pair().with(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0});
    double right = -0.05 * slope(0.05 * 3) / 2;
    double wrong = 0.05 * slope(0.05) / 2;
    assertArrayEquals(
        new double[] {right, right, right, wrong},
        Small.gradient(new ImplicitPrm().loss(PAPER), samples),
        1e-15);
  }
}
