package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import java.util.Map;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.recipes.entropy.ClipCovGiven;
import lossmith.recipes.entropy.KlCov;
import lossmith.recipes.offpolicy.PpoTokenIs;
import lossmith.recipes.part.Composition;
import lossmith.recipes.policy.Cispo;
import lossmith.recipes.policy.Dapo;
import lossmith.recipes.policy.DapoAsPrinted;
import lossmith.recipes.policy.DppoKl;
import lossmith.recipes.policy.DppoTv;
import lossmith.recipes.policy.Dro;
import lossmith.recipes.policy.Gmpo;
import lossmith.recipes.policy.Grpo;
import lossmith.recipes.policy.Gspo;
import lossmith.recipes.policy.Ppo;
import lossmith.recipes.policy.Sapo;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSettings;
import org.junit.jupiter.api.Test;

class ClippedObjectivesTest {
  private static final Conventions PAPER = Conventions.paper();
  private static final Conventions TOKENS = PAPER.aggregating(Aggregation.TOKEN_MEAN);

  @Test
  void grpoOfAPairByHand() {
    // A = 1 and −1; min(1.5, 1.2) = 1.2 and min(−0.5, −0.8) = −0.8, half of each
    Loss loss = new Grpo().loss(PAPER);
    Samples samples = Small.pair(1.5, 0.5);
    assertEquals(-0.2, Small.value(loss, samples), 1e-15);
    assertArrayEquals(new double[] {0, 0}, Small.gradient(loss, samples), 0);
    assertEquals(0.5, Small.metric(loss, "clip_fraction_high", samples), 1e-15);
    assertEquals(0.5, Small.metric(loss, "clip_fraction_low", samples), 1e-15);
    assertEquals(1, Small.metric(loss, "token_ratio_mean", samples), 1e-14);
    // inside the bounds the slope of r·A is r·A: −(1.1)/2 and +0.9/2
    assertArrayEquals(
        new double[] {-0.55, 0.45}, Small.gradient(loss, Small.pair(1.1, 0.9)), 1e-14);
  }

  @Test
  void cispoKeepsTheGradientOfClippedTokens() {
    assertArrayEquals(
        new double[] {-0.6, 0.4},
        Small.gradient(new Cispo().loss(PAPER), Small.pair(1.5, 0.5)),
        1e-15);
  }

  @Test
  void dapoClipsHigherThanPpo() {
    assertEquals(
        -(1.28 - 0.8) / 2, Small.value(new DapoAsPrinted().loss(PAPER), Small.pair(2, 0.5)), 1e-15);
  }

  @Test
  void onPolicyEveryRatioObjectiveHasThePolicyGradient() {
    Samples samples = Small.ragged();
    double[] plain = Small.gradient(Composition.of("log-prob").loss(PAPER), samples);
    for (Recipe recipe :
        List.of(
            new Ppo(),
            new Grpo(),
            new DapoAsPrinted(),
            new Cispo(),
            new KlCov(),
            new Dro(),
            new DppoTv(),
            new DppoKl(),
            new PpoTokenIs(),
            new ClipCovGiven())) {
      assertArrayEquals(plain, Small.gradient(recipe.loss(TOKENS), samples), 1e-15, recipe.name());
    }
  }

  @Test
  void onPolicySequenceObjectivesHaveTheGradientOfTheMeanOfMeans() {
    Samples samples = Small.ragged();
    Conventions means = PAPER.aggregating(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN);
    double[] plain =
        Small.gradient(Composition.of("log-prob+sequence-mean-token-mean").loss(PAPER), samples);
    for (Recipe recipe : List.of(new Gspo(), new Sapo(), new Gmpo())) {
      assertArrayEquals(plain, Small.gradient(recipe.loss(means), samples), 1e-15, recipe.name());
    }
  }

  @Test
  void dapoLeavesOutGroupsWithoutSpread() {
    Samples samples = Small.ragged();
    double[] dapo = Small.gradient(new Dapo().loss(PAPER), samples);
    double[] all = Small.gradient(Composition.of("log-prob").loss(PAPER), samples);
    // 12 of the 15 tokens belong to groups with both rewards
    for (int t = 0; t < all.length; t++) {
      assertEquals(t < 12 ? all[t] * 15 / 12 : 0, dapo[t], 1e-15);
    }
    assertEquals(0.8, Small.metric(new Dapo().loss(PAPER), "kept", samples), 1e-15);
  }

  @Test
  void dapoPunishesLongResponses() {
    // 4 tokens with at most 4 and a margin of 2: punished by 1, as 0 − 1; the other is spared
    Samples samples = Small.ragged();
    double[] spared = Small.gradient(new Dapo().loss(PAPER), samples);
    double[] punished =
        Small.gradient(
            new Dapo().loss(PAPER),
            samples.with("reward", Level.Name.SEQUENCE, new double[] {0, 1, 1, 1, 0, 0, 0}),
            HashMap.of("max_length", 4.0, "overlong_cache", 2.0));
    assertTrue(spared[0] < 0);
    assertEquals(0, punished[0], 1e-15);
    assertEquals(0, punished[2], 1e-15);
  }

  @Test
  void verlBoundsTheLossOfNegativeAdvantages() {
    // A = ±1/√2 up to 1e-6; ratio 10 on A < 0 costs 3·|A|, not 10·|A|
    Map<String, Object> config =
        Map.of("clip_ratio_low", 0.2, "clip_ratio_high", 0.2, "clip_ratio_c", 3.0);
    double a = 0.5 / (Math.sqrt(0.5) + 1e-6);
    Loss loss = VerlLosses.of("vanilla", new VerlSettings(config)).get();
    Samples samples = Small.pair(1, 10);
    assertEquals((-a + 3 * a) / 2, Small.value(loss, samples), 1e-14);
    assertEquals(0.5 / (1 + 0.5e-8), Small.metric(loss, "pg_clipfrac_lower", samples), 1e-15);
    assertEquals(-Math.log(10) / (2 + 1e-8), Small.metric(loss, "ppo_kl", samples), 1e-14);
    assertEquals(0, Small.gradient(loss, samples)[1], 0);
  }

  @Test
  void anUnknownNameIsNoLoss() {
    assertTrue(VerlLosses.of("nothing", new VerlSettings(Map.of())).isEmpty());
    assertTrue(
        VerlLosses.of("vanilla", new VerlSettings(Map.of("loss_agg_mode", "nothing"))).isEmpty());
    assertFalse(VerlLosses.of("gpg", new VerlSettings(Map.of())).isEmpty());
  }
}
