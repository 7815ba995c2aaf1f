package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Range;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.entropy.ClipCov;
import lossmith.recipes.entropy.EntropyShaped;
import lossmith.recipes.entropy.ForkingTokens;
import lossmith.recipes.entropy.KlCov;
import lossmith.recipes.entropy.TrajectoryEntropy;
import lossmith.recipes.entropy.Unified;
import lossmith.recipes.part.Composition;
import lossmith.recipes.policy.DapoAsPrinted;
import lossmith.recipes.policy.Dro;
import lossmith.recipes.policy.Nsr;
import lossmith.recipes.policy.ProRl;
import lossmith.recipes.policy.Psr;
import lossmith.recipes.policy.WeightedReinforce;
import org.junit.jupiter.api.Test;

class EntropyObjectivesTest {
  private static final Conventions PAPER = Conventions.paper();
  private static final Conventions TOKENS = PAPER.aggregating(Aggregation.TOKEN_MEAN);

  @Test
  void theBonusNeverTurnsASign() {
    Samples samples = Small.ragged();
    double[] plain = Small.gradient(Composition.of("log-prob").loss(PAPER), samples);
    double[] shaped =
        Small.gradient(
            new EntropyShaped().loss(TOKENS), samples, HashMap.of("alpha", 100.0, "kappa", 1.5));
    double changed = 0;
    for (int t = 0; t < plain.length; t++) {
      assertEquals(Math.signum(plain[t]), Math.signum(shaped[t]));
      changed = Math.max(changed, Math.abs(shaped[t] - plain[t]));
    }
    assertTrue(changed > 1e-3);
  }

  @Test
  void kappaMustExceedOne() {
    Range kappa =
        new EntropyShaped().parameters().find(p -> p.name().equals("kappa")).get().range();
    assertFalse(kappa.contains(1));
    assertTrue(kappa.contains(1.001));
  }

  @Test
  void onlyTheTokensOfHighestEntropyTeach() {
    Samples samples =
        Small.pair(1, 1).with(Columns.ENTROPY, Level.Name.TOKEN, new double[] {0.9, 0.1});
    assertArrayEquals(
        new double[] {-1, 0}, Small.gradient(new ForkingTokens().loss(PAPER), samples), 1e-15);
  }

  @Test
  void positiveAndNegativeSamples() {
    Samples samples = Small.pair(1, 1);
    assertArrayEquals(
        new double[] {-0.5, 0}, Small.gradient(new Psr().loss(PAPER), samples), 1e-15);
    assertArrayEquals(new double[] {0, 0.5}, Small.gradient(new Nsr().loss(PAPER), samples), 1e-15);
    assertArrayEquals(
        new double[] {-0.05, 0.5},
        Small.gradient(new WeightedReinforce().loss(PAPER), samples),
        1e-15);
  }

  @Test
  void aDeviationIsTheConventionsOwn() {
    double[] paper = Small.gradient(Composition.of("log-prob").loss(PAPER), Small.pair(1, 1));
    double[] verl =
        Small.gradient(Composition.of("log-prob").loss(Conventions.verl()), Small.pair(1, 1));
    assertEquals(-0.5, paper[0], 1e-15);
    assertEquals(-0.25 / (Math.sqrt(0.5) + 1e-6), verl[0], 1e-15);
  }

  @Test
  void theOnlyResponseOfAPrompt() {
    Samples one =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {5})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1})
            .build();
    assertEquals(0, Small.gradient(Composition.of("log-prob").loss(PAPER), one)[0], 0);
    assertEquals(
        -5 / 1.000001,
        Small.gradient(Composition.of("log-prob").loss(Conventions.verl()), one)[0],
        1e-14);
  }

  @Test
  void klCovPenalisesTheTokenOfHighestCovarianceOnly() {
    // A = √2, −1/√2, −1/√2; log π ≈ −0.59, −2.69, −2: the covariance of the first is the largest
    Samples samples =
        new SamplesBuilder(new int[] {1, 1, 1}, new int[] {0, 0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0, 0})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1, -2, -2})
            .column(
                Columns.LOG_PROB,
                Level.Name.TOKEN,
                new double[] {-1 + Math.log(1.5), -2 + Math.log(0.5), -2})
            .build();
    double root = Math.sqrt(2);
    assertArrayEquals(
        new double[] {-(1.5 * root - 1) / 3, 0.5 / root / 3, 1 / root / 3},
        Small.gradient(new KlCov().loss(PAPER), samples),
        1e-14);
  }

  @Test
  void clipCovDropsAtMostItsCandidates() {
    // the tokens' covariances, each (1 + log 1.1 − log 0.9) / 2, lie in (0.5, 5)
    var low = HashMap.of("cov_low", 0.5);
    double[] g = Small.gradient(new ClipCov().loss(PAPER), Small.pair(1.1, 0.9), low);
    assertEquals(1, (g[0] == 0 ? 1 : 0) + (g[1] == 0 ? 1 : 0));
    double[] all =
        Small.gradient(new ClipCov().loss(PAPER), Small.pair(1.1, 0.9), low.put("cov_low", 2.0));
    assertArrayEquals(new double[] {-0.55, 0.45}, all, 1e-14);
  }

  /**
   * verl's {@code clip_cov}, {@code kl_cov} and {@code dro} have neither the clamp of the log-ratio
   * to 20 nor the dual clip at 3 of its {@code vanilla} (core_algos.py at 1dda039b).
   */
  @Test
  void verlLeavesTheRatioOfCovarianceAndDroAsItIs() {
    double a = 0.5 / (Math.sqrt(0.5) + 1e-6);
    double above = Math.exp(21);
    Samples far = Small.pair(1, above);
    // A < 0: max(−A r, −A clip(r)) = −A r, whose slope is −A r, over two tokens
    double slope = a * above / 2;
    for (Recipe recipe : List.of(new ClipCov(), new KlCov())) {
      double[] g = Small.gradient(recipe.loss(Conventions.verl()), far);
      assertEquals(slope, g[1], 1e-8 * slope, recipe.name());
    }
    // −(A log π − β/2 d²), β = 0.1, d = 21
    assertEquals(
        (a + 0.1 * 21) / 2, Small.gradient(new Dro().loss(Conventions.verl()), far)[1], 1e-8);
  }

  @Test
  void theUnifiedObjectiveIsPpoWhenNothingIsSwitchedOn() {
    Samples samples = Small.ragged();
    assertArrayEquals(
        Small.gradient(new DapoAsPrinted().loss(TOKENS), samples),
        Small.gradient(
            new Unified().loss(TOKENS),
            samples,
            HashMap.of("rho", 1.0, "alpha", 0.0, "kl_coef", 0.0, "lambda", 1.0)),
        1e-15);
  }

  @Test
  void trajectoryEntropyRewardsTheLikelierResponse() {
    double[] g = Small.gradient(new TrajectoryEntropy().loss(PAPER), Small.pair(1, 1));
    assertArrayEquals(new double[] {-0.5, 0.5}, g, 1e-15);
  }

  @Test
  void proRlAddsTheDivergenceToTheReference() {
    // k3 of d = log 2: 2 − log 2 − 1; the objective itself is 0 at ratio 1
    Samples samples =
        Small.pair(1, 1)
            .with(
                Columns.REFERENCE_LOG_PROB,
                Level.Name.TOKEN,
                new double[] {-1 + Math.log(2), -2 + Math.log(2)});
    assertEquals(1e-3 * (1 - Math.log(2)), Small.value(new ProRl().loss(PAPER), samples), 1e-15);
  }
}
