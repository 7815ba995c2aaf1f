package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Map;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.advantage.Alone;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.entropy.ClipCovGiven;
import lossmith.recipes.entropy.KlCov;
import lossmith.recipes.offpolicy.PpoTokenIs;
import lossmith.recipes.policy.Cispo;
import lossmith.recipes.policy.DapoAsPrinted;
import lossmith.recipes.policy.DppoKl;
import lossmith.recipes.policy.DppoTv;
import lossmith.recipes.policy.DrGrpo;
import lossmith.recipes.policy.Dro;
import lossmith.recipes.policy.Gmpo;
import lossmith.recipes.policy.Grpo;
import lossmith.recipes.policy.Gspo;
import lossmith.recipes.policy.Ppo;
import lossmith.recipes.policy.Sapo;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSettings;
import org.junit.jupiter.api.Test;

/**
 * A recipe under verl's conventions is verl's own loss, which golden files hold to numbers that
 * verl computed: beyond all of its clamps, of a response without tokens and of one that is alone.
 */
final class VerlConventionsTest {
  private static final double[] DRIFT = {0.1, -0.3, 25, 1.5, -25, -0.05, 0.6, 12, -0.7};

  private static Samples far() {
    int[] lengths = {3, 2, 0, 1, 2, 1};
    double[] old = new double[DRIFT.length];
    double[] now = new double[DRIFT.length];
    double[] engine = new double[DRIFT.length];
    Arrays.setAll(old, t -> DRIFT[t] > 1 ? -30 : -1 - 0.1 * t);
    Arrays.setAll(now, t -> old[t] + DRIFT[t]);
    Arrays.setAll(engine, t -> old[t] + (t == 4 ? 22 : 0.2 * (t % 3 - 1)));
    return new SamplesBuilder(lengths, new int[] {0, 0, 0, 1, 1, 2})
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0, 1, 0.5, 1, 0, 2})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
        .column(Columns.LOG_PROB, Level.Name.TOKEN, now)
        .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, engine)
        .column("selected", Level.Name.TOKEN, new double[] {0, 1, 0, 0, 0, 0, 1, 0, 0})
        .build();
  }

  private static void same(Loss verl, Loss ours) {
    Samples samples = far();
    double value = Small.value(verl, samples);
    assertEquals(value, Small.value(ours, samples), 1e-12 * Math.max(1, Math.abs(value)));
    double[] slope = Small.gradient(verl, samples);
    double most = Arrays.stream(slope).map(Math::abs).max().orElse(0);
    assertArrayEquals(slope, Small.gradient(ours, samples), 1e-12 * Math.max(1, most));
  }

  private static void same(String name, Map<String, Object> settings, Recipe recipe) {
    same(VerlLosses.of(name, new VerlSettings(settings)).get(), recipe.loss(Conventions.verl()));
  }

  private static Map<String, Object> bounds(double low, double high) {
    return Map.of("clip_ratio_low", low, "clip_ratio_high", high);
  }

  @Test
  void ofTokens() {
    same("vanilla", bounds(0.2, 0.2), new Ppo());
    same("vanilla", bounds(0.2, 0.28), new DapoAsPrinted());
    same("cispo", bounds(0.2, 0.2), new Cispo());
    same("dro", Map.of("dro_beta", 0.1), new Dro());
    same("kl_cov", Map.of("ppo_kl_coef", 1.0), new KlCov());
    same("clip_cov", bounds(0.2, 0.2), new ClipCovGiven());
    same("dppo_tv", bounds(0.2, 0.2), new DppoTv());
    same("dppo_kl", bounds(0.2, 0.2), new DppoKl());
    same("vanilla", Map.of("rollout_is", "token", "rollout_is_threshold", 2.0), new PpoTokenIs());
  }

  @Test
  void ofResponses() {
    same("gspo", bounds(3e-4, 4e-4), new Gspo());
    same("sapo", Map.of(), new Sapo());
    same("geo_mean", bounds(0.4, 0.4), new Gmpo());
  }

  @Test
  void ofAGivenAggregation() {
    Conventions means = Conventions.verl().aggregating(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN);
    Map<String, Object> settings = Map.of("loss_agg_mode", "seq-mean-token-mean");
    same(VerlLosses.of("vanilla", new VerlSettings(settings)).get(), new Grpo().loss(means));
    Map<String, Object> constant =
        Map.of("loss_agg_mode", "seq-mean-token-sum-norm", "loss_scale_factor", 1024.0);
    same(
        VerlLosses.of(
                "vanilla",
                new VerlSettings(constant),
                Alone.keeps(reward(), Centred.of(reward())).per(TOKEN),
                Option.none())
            .get(),
        new DrGrpo().loss(Conventions.verl()));
  }
}
