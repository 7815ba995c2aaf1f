package lossmith.recipes;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;

/** Small samples with numbers that can be followed by hand. */
public final class Small {
  private Small() {}

  /** One prompt, two responses of one token: rewards 1 and 0, ratios as given. */
  public static Samples pair(double first, double second) {
    double[] old = {-1, -2};
    return new SamplesBuilder(new int[] {1, 1}, new int[] {0, 0})
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
        .column(
            Columns.LOG_PROB,
            Level.Name.TOKEN,
            new double[] {old[0] + Math.log(first), old[1] + Math.log(second)})
        .build();
  }

  /** Three prompts, seven responses, on policy; the last prompt's rewards are equal. */
  public static Samples ragged() {
    return built(
            new int[] {2, 4, 1, 3, 2, 1, 2},
            new int[] {0, 0, 1, 1, 1, 2, 2},
            new double[] {1, 0, 1, 1, 0, 0, 0})
        .build();
  }

  /** Two prompts with a chosen and a rejected response each. */
  public static Samples pairs() {
    return built(new int[] {2, 4, 1, 3}, new int[] {0, 0, 1, 1}, new double[] {1, 0, 1, 0})
        .column(Columns.SIGN, Level.Name.SEQUENCE, new double[] {1, -1, -1, 1})
        .build();
  }

  private static SamplesBuilder built(int[] lengths, int[] groups, double[] rewards) {
    int tokens = Arrays.stream(lengths).sum();
    double[] logProb = new double[tokens];
    double[] entropy = new double[tokens];
    double[] logits = new double[tokens * 3];
    Arrays.setAll(logProb, t -> -0.1 - (t * 7 % 5) * 0.4);
    Arrays.setAll(entropy, t -> (t * 3 % 7) * 0.15 + 0.01 * t);
    Arrays.setAll(logits, i -> (i * 5 % 11) * 0.3 - 1);
    int[] sampled = new int[tokens];
    Arrays.setAll(sampled, t -> t % 3);
    return new SamplesBuilder(lengths, groups)
        .sampled(sampled)
        .grid(BoundLoss.LOGITS, Grid.of(logits, 3))
        .grid(
            Columns.REFERENCE_LOG_PI, new Grid(tokens, 3, (t, v) -> Math.log(v == 0 ? 0.5 : 0.25)))
        .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
        .grid("action_value", new Grid(tokens, 3, (t, v) -> 0.3 * ((t + 2 * v) % 5) - 0.5))
        .column("dual_temperature", Level.Name.BATCH, new double[] {0.7})
        .column("dual_multiplier", Level.Name.BATCH, new double[] {1.3})
        .column("old_value", Level.Name.TOKEN, entropy)
        .column("return", Level.Name.TOKEN, logProb)
        .column(Columns.VALUE, Level.Name.TOKEN, new double[tokens])
        .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, entropy)
        .column("log_z", Level.Name.GROUP, new double[groups[groups.length - 1] + 1])
        .column("optimal_value", Level.Name.GROUP, new double[groups[groups.length - 1] + 1])
        .column("preference", Level.Name.SEQUENCE, rewards)
        .column("score", Level.Name.SEQUENCE, rewards)
        .column("step_score", Level.Name.TOKEN, entropy)
        .column("step_label", Level.Name.TOKEN, new double[tokens])
        .column("reward_shift", Level.Name.BATCH, new double[] {0.2})
        .column("from_reference", Level.Name.SEQUENCE, rewards)
        .column("mismatched_log_ratio", Level.Name.SEQUENCE, rewards)
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .column(Columns.ENTROPY, Level.Name.TOKEN, entropy)
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, logProb)
        .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, logProb)
        .column("selected", Level.Name.TOKEN, new double[tokens]);
  }

  public static BoundLoss bound(Loss loss, Samples samples) {
    return BoundLoss.of(
        loss,
        Surface.STATISTICS,
        samples.columns().addAll(samples.grids()).remove(BoundLoss.LOGITS));
  }

  public static double value(Loss loss, Samples samples) {
    return new Reference(samples, HashMap.empty()).number(bound(loss, samples).value());
  }

  public static double metric(Loss loss, String name, Samples samples) {
    return new Reference(samples, HashMap.empty())
        .number(bound(loss, samples).metrics().get(name).get());
  }

  public static double[] gradient(Loss loss, Samples samples) {
    return gradient(loss, samples, HashMap.empty());
  }

  public static double[] gradient(Loss loss, Samples samples, Map<String, Double> parameters) {
    return new Reference(samples, parameters)
        .of(bound(loss, samples).gradients().get(Columns.LOG_PROB).get());
  }
}
