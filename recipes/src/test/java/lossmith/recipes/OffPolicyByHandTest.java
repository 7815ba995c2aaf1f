package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.offpolicy.Aspo;
import lossmith.recipes.offpolicy.Topr;
import lossmith.recipes.part.Composition;
import lossmith.recipes.policy.Gpg;
import lossmith.recipes.preference.NashMd;
import lossmith.recipes.regression.SppoRegression;
import org.junit.jupiter.api.Test;

/** Objectives that weigh what another policy sampled, against numbers worked out by hand. */
final class OffPolicyByHandTest {
  private static final Conventions PAPER = Conventions.paper();

  /** A good response of one token and a bad one of two to a prompt, A = (1, −1). */
  private static Samples goodAndBad(double good, double first, double second) {
    double[] old = {-1, -2, -3};
    return new SamplesBuilder(new int[] {1, 2}, new int[] {0, 0})
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
        .column(
            Columns.LOG_PROB,
            Level.Name.TOKEN,
            new double[] {old[0] + good, old[1] + first, old[2] + second})
        .build();
  }

  /**
   * Archer2.0's {@code compute_policy_loss_archer} (b08d963) with bounds 0.2 and 0.2: the ratio
   * itself is bounded, 1/r weighs a positive token and a negative one r, and a weight above 3 holds
   * 3·log π in its place. The mean is over two tokens.
   */
  @Test
  void aspoBoundsTheRatioAndWeighsByItsInverse() {
    Loss loss = new Aspo().loss(PAPER);
    // A = 1: 1/0.5; A = −1: 0.9
    assertArrayEquals(new double[] {-1, 0.45}, Small.gradient(loss, Small.pair(0.5, 0.9)), 1e-14);
    assertEquals(-(1 / 0.5 - 0.9) / 2, Small.value(loss, Small.pair(0.5, 0.9)), 1e-14);
    // beyond the bounds 1.2 and 0.8, on the sides that A pushes to: no slope, but a value
    assertArrayEquals(new double[] {0, 0}, Small.gradient(loss, Small.pair(1.5, 0.5)), 0);
    assertEquals(-(1 / 1.2 - 0.8) / 2, Small.value(loss, Small.pair(1.5, 0.5)), 1e-14);
    // 1/0.25 and 4 are above 3: the slope of 3·log π on both sides
    Samples far = Small.pair(0.25, 4);
    assertArrayEquals(new double[] {-1.5, 1.5}, Small.gradient(loss, far), 1e-14);
    double first = -1 + Math.log(0.25);
    double second = -2 + Math.log(4);
    assertEquals(-3 * (first - second) / 2, Small.value(loss, far), 1e-14);
  }

  /** TOPR, eq 8: [π(y)/π_old(y)]₀¹ of the whole response for A < 0, nothing for A > 0. */
  @Test
  void toprTruncatesTheRatioOfAWholeResponse() {
    Loss loss = new Topr().loss(PAPER);
    // 0.2 − 0.5 = −0.3, over two responses
    double held = Math.exp(-0.3) / 2;
    assertArrayEquals(
        new double[] {-0.5, held, held}, Small.gradient(loss, goodAndBad(0.7, 0.2, -0.5)), 1e-14);
    // 0.5 − 0.2 = 0.3 is above 0: the weight is 1
    assertArrayEquals(
        new double[] {-0.5, 0.5, 0.5}, Small.gradient(loss, goodAndBad(0.7, 0.5, -0.2)), 1e-14);
  }

  /** ROLL's {@code _compute_topr_loss} (8eb27cc2) weighs each token, over three tokens. */
  @Test
  void rollTruncatesTheRatioOfEachToken() {
    Loss loss = Composition.of("held-ratio-tapered").loss(PAPER);
    assertArrayEquals(
        new double[] {-1 / 3.0, 1 / 3.0, Math.exp(-0.5) / 3},
        Small.gradient(loss, goodAndBad(0.7, 0.2, -0.5)),
        1e-14);
  }

  /** GPG: (R − mean)·B/(B − M); of the seven responses two are to a prompt with equal rewards. */
  @Test
  void gpgRescalesForPromptsThatTeachNothing() {
    double[] g = Small.gradient(new Gpg().loss(PAPER), Small.ragged());
    double alpha = 7 / 5.0;
    assertEquals(-alpha * 0.5 / 15, g[0], 1e-15);
    assertEquals(alpha * 0.5 / 15, g[2], 1e-15);
    assertEquals(-alpha / 3 / 15, g[6], 1e-15);
    assertEquals(alpha * 2 / 3 / 15, g[10], 1e-15);
    assertEquals(0, g[14], 0);
  }

  /** Nash-MD-PG: P − 1/2 − β log(π(y)/π_ref(y)) of the whole response at each of its tokens. */
  @Test
  void nashMdWeighsAResponseByHowFarAllOfItMoved() {
    Samples samples =
        new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0.8, 0.5})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1, -2, -3})
            .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[] {-1.2, -1.5, -4})
            .build();
    // 0.3 − 0.1·(0.2 − 0.5) and 0 − 0.1·1, over two responses
    assertArrayEquals(
        new double[] {-0.33 / 2, -0.33 / 2, 0.1 / 2},
        Small.gradient(new NashMd().loss(PAPER), samples),
        1e-15);
  }

  /** SPPO: (log(π/π_old) − (η P − log mean exp(η P)))², η = 1, rewards 1 and 0. */
  @Test
  void sppoBringsLogRatiosToTheExponentiatedPreferences() {
    Loss loss = new SppoRegression().loss(PAPER);
    double logZ = Math.log((Math.E + 1) / 2);
    double good = 0.7 - (1 - logZ);
    double bad = 0.2 - 0.5 + logZ;
    Samples samples = goodAndBad(0.7, 0.2, -0.5);
    assertEquals((good * good + bad * bad) / 2, Small.value(loss, samples), 1e-14);
    assertArrayEquals(new double[] {good, bad, bad}, Small.gradient(loss, samples), 1e-14);
  }
}
