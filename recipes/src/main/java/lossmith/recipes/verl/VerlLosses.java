package lossmith.recipes.verl;

import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;

import io.vavr.control.Option;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;

/** verl's losses by the name and configuration that verl itself uses, at commit 1dda039b. */
public final class VerlLosses {
  private VerlLosses() {}

  /**
   * The loss that verl computes of rollouts that hold rewards: advantages are verl's grpo of the
   * column {@code reward}, and {@code rollout_is} weights tokens by the ratio of the old policy to
   * the rollout policy.
   *
   * @param lossName verl's name, such as {@code vanilla}
   * @param settings verl's settings, such as {@code clip_ratio_low}
   * @return the loss, or none for an unknown name or aggregation
   */
  public static Option<Loss> of(String lossName, VerlSettings settings) {
    Detached<Token> advantage = Advantages.groupNormalised(reward(), Conventions.verl());
    Option<Detached<Token>> weight =
        VerlRolloutCorrection.of(settings).weights(oldLogProb(), rolloutLogProb());
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
    return objectives(settings, advantage, weight, Option.none())
        .flatMap(objectives -> objectives.of(lossName));
  }

  /**
   * verl's bypass mode: the old policy is the rollout policy, and the loss corrects for it itself.
   * {@code loss_type = ppo_clip} is {@code vanilla} without weights, {@code reinforce} the policy
   * gradient with them; what the criteria reject counts in neither numerators nor denominators.
   * Logs the metrics of the correction under {@code rollout_corr/}.
   *
   * @param settings verl's settings of the policy loss
   * @param correction verl's {@code rollout_correction}, with its {@code loss_type}
   * @param advantage A
   * @return the loss, or none for an unknown loss type or aggregation
   */
  public static Option<Loss> bypass(
      VerlSettings settings, VerlSettings correction, Detached<Token> advantage) {
    Detached<Token> trained = logProb().stopGradient();
    VerlRolloutCorrection corrects = VerlRolloutCorrection.of(correction);
    Option<Condition<Token>> kept =
        Option.when(corrects.criteria().nonEmpty(), () -> corrects.kept(trained, oldLogProb()));
    Option<Loss> loss =
        switch (correction.text("loss_type").getOrElse("ppo_clip")) {
          case "ppo_clip" ->
              objectives(settings, advantage, Option.none(), kept)
                  .flatMap(objectives -> objectives.of("vanilla"));
          case "reinforce" ->
              objectives(settings, advantage, corrects.weights(trained, oldLogProb()), kept)
                  .map(objectives -> objectives.reinforce(oldLogProb()));
          default -> Option.none();
        };
    return loss.map(
        bare ->
            corrects
                .metrics(trained, oldLogProb())
                .foldLeft(bare, (all, metric) -> all.log("rollout_corr/" + metric._1, metric._2)));
  }

  /**
   * verl's whole actor loss: the policy loss of {@code loss_mode}, less {@code entropy_coeff} times
   * the entropy, and where {@code use_kl_loss} is set plus {@code kl_loss_coef} times the KL of
   * {@code kl_loss_type}, all three aggregated in the same way and logged as {@code pg_loss},
   * {@code entropy_loss} and {@code kl_loss}.
   *
   * @param settings verl's settings of the actor
   * @param advantage A
   * @param weight what each token's policy loss is multiplied by, verl's {@code rollout_is_weights}
   * @return the loss, or none for an unknown loss, aggregation or KL
   */
  public static Option<Loss> actor(
      VerlSettings settings, Detached<Token> advantage, Option<Detached<Token>> weight) {
    Option<Loss> policy =
        of(settings.text("loss_mode").getOrElse("vanilla"), settings, advantage, weight);
    Option<Term<Batch>> entropy =
        VerlAggregation.of(settings).map(aggregation -> aggregation.of(entropy()));
    Option<Loss> bare =
        policy.flatMap(
            loss ->
                entropy.map(
                    bonus ->
                        loss.plus(
                                maximise(bonus.scaledBy(settings.number("entropy_coeff", 0)))
                                    .as("entropy_bonus"))
                            .log("pg_loss", loss.value().stopGradient())
                            .log("entropy_loss", bonus.stopGradient())));
    return settings.flag("use_kl_loss")
        ? bare.flatMap(loss -> klLoss(settings).map(loss::plus))
        : bare;
  }

  private static Option<Loss> klLoss(VerlSettings settings) {
    return VerlKl.of(settings.text("kl_loss_type").getOrElse("low_var_kl"), referenceLogProb())
        .flatMap(kl -> VerlAggregation.of(settings).map(aggregation -> aggregation.of(kl)))
        .map(
            kl ->
                minimise(kl.scaledBy(settings.number("kl_loss_coef", 0.001)))
                    .as("kl")
                    .log("kl_loss", kl.stopGradient()));
  }

  private static Option<VerlObjectives> objectives(
      VerlSettings settings,
      Detached<Token> advantage,
      Option<Detached<Token>> weight,
      Option<Condition<Token>> kept) {
    Conventions c = Conventions.verl();
    return VerlAggregation.of(
            settings.text("loss_agg_mode").getOrElse("token-mean"),
            settings,
            c.denominatorEpsilon(),
            kept)
        .map(aggregation -> new VerlObjectives(settings, c, aggregation, advantage, weight));
  }
}
