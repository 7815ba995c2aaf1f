package lossmith.golden;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Terms;
import lossmith.recipes.VerlLosses;

/** verl's policy losses from its log-probabilities, advantages and masks. */
final class VerlPolicyLosses {
  private static final String PREFIX = "verl.policy_loss.";

  /** The columns of a verl batch under their names here. */
  private static final Map<String, String> COLUMNS =
      LinkedHashMap.of(
          "log_prob",
          Columns.LOG_PROB,
          "old_log_prob",
          Columns.OLD_LOG_PROB,
          "rollout_log_prob",
          Columns.ROLLOUT_LOG_PROB,
          "advantages",
          "advantage",
          "rollout_is_weights",
          "rollout_is_weights",
          "selected_mask",
          "selected");

  private VerlPolicyLosses() {}

  static Map<String, GoldenFunction> functions() {
    return List.of(
            "vanilla",
            "dppo_tv",
            "dppo_kl",
            "gspo",
            "sapo",
            "gpg",
            "clip_cov",
            "kl_cov",
            "geo_mean",
            "dro",
            "cispo",
            "reinforce")
        .toLinkedMap(
            name -> Tuple.of(PREFIX + name, GoldenFunction.of(given -> trial(name, given))));
  }

  private static Trial trial(String name, GoldenCase given) {
    PaddedBatch batch = batch(given);
    Loss loss = loss(name, given, batch);
    Trial trial = Trial.on(batch).loss(loss).gradient("log_prob", Columns.LOG_PROB);
    return loss.metrics()
        .foldLeft(trial, (all, metric) -> all.metric("actor/" + metric._1, metric._2));
  }

  private static PaddedBatch batch(GoldenCase given) {
    PaddedBatch masked = PaddedBatch.masked(given.input("response_mask"));
    return COLUMNS
        .filterKeys(given::has)
        .foldLeft(masked, (batch, column) -> batch.tokens(column._2, given.input(column._1)));
  }

  private static Loss loss(String name, GoldenCase given, PaddedBatch batch) {
    java.util.Map<String, Object> config = given.config().values();
    Object unused = config.putIfAbsent("loss_scale_factor", (double) batch.width());
    Detached<Token> advantage = Terms.given("advantage", Axis.TOKEN);
    Option<Detached<Token>> weight =
        Option.when(
            given.has("rollout_is_weights"), () -> Terms.given("rollout_is_weights", Axis.TOKEN));
    return VerlLosses.of(name, config, advantage, weight)
        .getOrElseThrow(
            () ->
                Problem.of(
                        "verl",
                        name + " aggregated by " + config.get("loss_agg_mode"),
                        "a policy loss and aggregation of verl",
                        "such a case")
                    .exception());
  }
}
