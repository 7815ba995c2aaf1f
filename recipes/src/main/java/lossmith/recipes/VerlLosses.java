package lossmith.recipes;

import io.vavr.control.Option;
import java.util.Map;
import lossmith.dsl.Loss;

/** verl's losses by the name and configuration that verl itself uses, at commit 1dda039b. */
public final class VerlLosses {
  private VerlLosses() {}

  /**
   * The loss that verl computes, with its own metrics {@code pg_clipfrac}, {@code
   * pg_clipfrac_lower} and {@code ppo_kl} where it reports them. Advantages are verl's grpo of the
   * column {@code reward}.
   *
   * @param lossName verl's name, such as {@code vanilla}
   * @param config verl's settings, such as {@code clip_ratio_low}
   * @return the loss, or none for an unknown name or aggregation
   */
  public static Option<Loss> of(String lossName, Map<String, Object> config) {
    return VerlAggregation.of(String.valueOf(config.getOrDefault("loss_agg_mode", "token-mean")))
        .map(mode -> new VerlObjectives(config, Conventions.verl().aggregating(mode)))
        .flatMap(objectives -> objectives.of(lossName));
  }
}
