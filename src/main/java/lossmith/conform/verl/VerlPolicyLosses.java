package lossmith.conform.verl;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Terms;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSelections;
import lossmith.recipes.verl.VerlSettings;

/**
 * verl's policy losses written as Lossmith objectives, one {@link GoldenFunction} each, to be
 * compared with recorded runs of verl.
 */
public final class VerlPolicyLosses {
  private static final String PREFIX = "verl.policy_loss.";

  private static final String WEIGHTS = "rollout_is_weights";
  private static final String SELECTED = "selected";

  /** The advantages of a recorded case, one per token. */
  public static final Detached<Token> ADVANTAGE = Terms.given("advantage", Axis.TOKEN);

  /** verl's column names, each with Lossmith's name. */
  private static final Map<String, String> COLUMNS =
      LinkedHashMap.of(
          "log_prob",
          Columns.LOG_PROB,
          "old_log_prob",
          Columns.OLD_LOG_PROB,
          "rollout_log_prob",
          Columns.ROLLOUT_LOG_PROB,
          "ref_log_prob",
          Columns.REFERENCE_LOG_PROB,
          "advantages",
          "advantage",
          WEIGHTS,
          WEIGHTS,
          "selected_mask",
          SELECTED);

  private VerlPolicyLosses() {}

  /** {@return the functions by name, such as {@code verl.policy_loss.vanilla}} */
  public static Map<String, GoldenFunction> functions() {
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
            "reinforce",
            "bypass_mode")
        .toLinkedMap(
            name -> Tuple.of(PREFIX + name, GoldenFunction.of(given -> trial(name, given))));
  }

  private static Computation trial(String name, GoldenCase given) {
    if (!name.equals("reinforce") && !name.equals("gpg")) {
      var unused = given.input("old_log_prob"); // throws where the case lacks it
    }
    PaddedBatch batch = batch(given);
    VerlSettings settings = settings(given, batch);
    Loss loss = loss(name, given, settings);
    Computation trial = Computation.on(batch).loss(loss).gradient("log_prob", Columns.LOG_PROB);
    Computation logged = logged(trial, loss);
    return switch (name) {
      case "clip_cov" ->
          logged
              .output(
                  "candidate_mask",
                  VerlSelections.clipCovCandidates(settings, ADVANTAGE).indicator())
              .output("selected_mask", Terms.given(SELECTED, Axis.TOKEN));
      case "kl_cov" ->
          logged.output(
              "selected_mask", VerlSelections.klCovChosen(settings, ADVANTAGE).indicator());
      default -> logged;
    };
  }

  /** {@return verl's columns at the existing tokens of its batch} */
  public static PaddedBatch batch(GoldenCase given) {
    PaddedBatch masked = PaddedBatch.masked(given.input("response_mask"));
    return COLUMNS
        .filterKeys(given::has)
        .foldLeft(masked, (batch, column) -> batch.tokens(column._2, given.input(column._1)));
  }

  /** {@return the settings; loss_scale_factor, where unset, is the padded width, as in verl} */
  static VerlSettings settings(GoldenCase given, PaddedBatch batch) {
    java.util.Map<String, Object> values = given.config().values();
    Object unused = values.putIfAbsent("loss_scale_factor", (double) batch.width());
    return new VerlSettings(values);
  }

  /** {@return the rollout importance weight of each token, where the case has one} */
  static Option<Detached<Token>> rolloutWeight(GoldenCase given) {
    return Option.when(given.has(WEIGHTS), () -> Terms.given(WEIGHTS, Axis.TOKEN));
  }

  private static Computation logged(Computation trial, Loss loss) {
    return loss.metrics()
        .foldLeft(
            trial,
            (all, metric) ->
                all.metric(metric._1.contains("/") ? metric._1 : "actor/" + metric._1, metric._2));
  }

  private static Loss loss(String name, GoldenCase given, VerlSettings settings) {
    Option<Loss> loss =
        name.equals("bypass_mode")
            ? VerlLosses.bypass(
                settings,
                new VerlSettings(given.config().nested("rollout_correction").values()),
                ADVANTAGE)
            : VerlLosses.of(name, settings, ADVANTAGE, rolloutWeight(given));
    return loss.getOrElseThrow(
        () ->
            Problem.of(
                    "verl",
                    name + " aggregated by " + settings.values().get("loss_agg_mode"),
                    "one of verl's policy losses and one of its loss_agg_mode values",
                    "a case with both")
                .exception());
  }
}
