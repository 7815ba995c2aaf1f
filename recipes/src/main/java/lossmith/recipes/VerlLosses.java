package lossmith.recipes;

import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;

import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/** verl's losses by the name and configuration that verl itself uses, at commit 1dda039b. */
public final class VerlLosses {
  private VerlLosses() {}

  /**
   * The loss that verl computes of rollouts that hold rewards: advantages are verl's grpo of the
   * column {@code reward}, and {@code rollout_is = token} weights each token by the truncated ratio
   * of the old policy to the rollout policy.
   *
   * @param lossName verl's name, such as {@code vanilla}
   * @param settings verl's settings, such as {@code clip_ratio_low}
   * @return the loss, or none for an unknown name or aggregation
   */
  public static Option<Loss> of(String lossName, VerlSettings settings) {
    Detached<Token> advantage = Advantages.groupNormalised(reward(), Conventions.verl());
    Option<Detached<Token>> weight =
        Option.when("token".equals(settings.values().get("rollout_is")), () -> truncated(settings));
    return of(lossName, settings, advantage, weight);
  }

  /**
   * The loss that verl computes of given advantages, with its own metrics {@code pg_clipfrac},
   * {@code pg_clipfrac_lower} and {@code ppo_kl} where it reports them.
   *
   * @param lossName verl's name, such as {@code vanilla}
   * @param settings verl's settings, such as {@code clip_ratio_low}
   * @param advantage A
   * @param weight what each token's loss is multiplied by, verl's {@code rollout_is_weights}
   * @return the loss, or none for an unknown name or aggregation
   */
  public static Option<Loss> of(
      String lossName,
      VerlSettings settings,
      Detached<Token> advantage,
      Option<Detached<Token>> weight) {
    String mode = String.valueOf(settings.values().getOrDefault("loss_agg_mode", "token-mean"));
    Conventions c = Conventions.verl();
    return VerlAggregation.of(mode, settings, c.denominatorEpsilon())
        .flatMap(
            aggregation ->
                new VerlObjectives(settings, c, aggregation, advantage, weight).of(lossName));
  }

  private static Detached<Token> truncated(VerlSettings settings) {
    double most = settings.number("rollout_is_threshold", 2);
    return oldLogProb()
        .minus(rolloutLogProb())
        .clip(Clip.between(-20, 20))
        .exp()
        .clip(Surrogate.atMost(most));
  }
}
