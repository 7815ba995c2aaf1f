package lossmith.recipes.verl;

import io.vavr.collection.Array;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import io.vavr.control.Try;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Problem;
import lossmith.recipes.correction.OffPolicyMetrics;
import lossmith.recipes.correction.RolloutRejection;
import lossmith.recipes.correction.RolloutRejection.Estimator;
import lossmith.recipes.correction.RolloutRejection.Unit;
import lossmith.recipes.correction.RolloutWeights;

/**
 * verl's rollout correction, as its settings describe it: weights, criteria of rejection, and the
 * metrics of both.
 *
 * @param weights the importance weights, if {@code rollout_is} is set
 * @param criteria what {@code rollout_rs} lists
 */
public record VerlRolloutCorrection(
    Option<RolloutWeights> weights, Seq<RolloutRejection> criteria) {

  /**
   * {@return the correction that these settings describe}
   *
   * @param settings {@code rollout_is} ({@code token} or {@code sequence}), {@code
   *     rollout_is_threshold} (an upper bound, or both as {@code lower_upper}), {@code
   *     rollout_is_batch_normalize}, {@code rollout_rs} (criteria such as {@code seq_mean_k1},
   *     separated by commas), {@code rollout_rs_threshold} (one bound for all or one for each)
   */
  public static VerlRolloutCorrection of(VerlSettings settings) {
    Option<RolloutWeights> weights =
        settings.text("rollout_is").map(level -> weights(level, settings));
    Seq<String> names =
        settings.text("rollout_rs").toList().flatMap(VerlRolloutCorrection::words).distinct();
    Seq<String> bounds =
        settings.text("rollout_rs_threshold").toList().flatMap(VerlRolloutCorrection::words);
    if (names.nonEmpty() && bounds.size() != 1 && bounds.size() != names.size()) {
      throw Problem.of(
              "rollout_rs_threshold",
              bounds.size() + " bounds for " + names.size() + " criteria",
              "one bound for all criteria, or one for each",
              "that many, separated by commas")
          .exception();
    }
    return new VerlRolloutCorrection(
        weights,
        names.zipWithIndex((name, i) -> criterion(name, bounds.get(bounds.size() == 1 ? 0 : i))));
  }

  private static Seq<String> words(String list) {
    return List.of(list.split(",")).map(String::trim).reject(String::isEmpty);
  }

  private static RolloutWeights weights(String level, VerlSettings settings) {
    if (!level.equals("token") && !level.equals("sequence")) {
      throw Problem.of("rollout_is", level, "token or sequence", "one of them").exception();
    }
    Array<Double> bounds =
        bounds("rollout_is_threshold", settings.text("rollout_is_threshold").getOrElse("2"));
    return new RolloutWeights(
        level.equals("sequence"),
        Option.when(bounds.size() == 2, bounds::head),
        bounds.last(),
        settings.flag("rollout_is_batch_normalize"));
  }

  private static RolloutRejection criterion(String name, String written) {
    Estimator estimator =
        switch (name.substring(Math.max(0, name.length() - 3))) {
          case "_k1" -> Estimator.K1;
          case "_k2" -> Estimator.K2;
          case "_k3" -> Estimator.K3;
          default -> throw unknown(name);
        };
    Unit unit =
        switch (name.substring(0, name.length() - 3)) {
          case "token" -> Unit.TOKEN;
          case "seq_sum" -> Unit.SEQUENCE_SUM;
          case "seq_mean" -> Unit.SEQUENCE_MEAN;
          case "seq_max" -> Unit.SEQUENCE_MAX;
          default -> throw unknown(name);
        };
    if (unit == Unit.SEQUENCE_MAX && estimator == Estimator.K1) {
      throw unknown(name);
    }
    Array<Double> bounds = bounds("rollout_rs_threshold", written);
    if (estimator == Estimator.K1) {
      double low = bounds.size() == 2 ? bounds.head() : 1 / bounds.head();
      return new RolloutRejection(unit, estimator, Math.log(low), Math.log(bounds.last()));
    }
    if (bounds.size() == 2) {
      throw Problem.of(
              "rollout_rs_threshold",
              written + " for " + name,
              "one upper bound: k2 and k3 are never negative",
              "the upper bound alone")
          .exception();
    }
    return new RolloutRejection(unit, estimator, 0, bounds.last());
  }

  private static RuntimeException unknown(String name) {
    return Problem.of(
            "rollout_rs",
            name,
            "token, seq_sum or seq_mean with _k1, _k2 or _k3, or seq_max with _k2 or _k3",
            "one of them")
        .exception();
  }

  private static Array<Double> bounds(String name, String written) {
    return Try.of(() -> Array.of(written.split("_", 2)).map(Double::parseDouble))
        .filter(all -> all.forAll(bound -> bound > 0) && all.head() <= all.last())
        .getOrElseThrow(
            () ->
                Problem.of(
                        name,
                        written,
                        "a bound > 0, or a lower and an upper one as 0.5_2",
                        "bounds of that form")
                    .exception());
  }

  /** {@return yes for the tokens that stay} */
  public Condition<Token> kept(Detached<Token> trained, Detached<Token> rollout) {
    return RolloutRejection.kept(criteria, trained.minus(rollout));
  }

  /** {@return what each token's loss is multiplied by, if there are weights} */
  public Option<Detached<Token>> weights(Detached<Token> trained, Detached<Token> rollout) {
    return weights.map(w -> w.of(trained.minus(rollout)));
  }

  /** {@return everything verl logs, by verl's name without its prefix} */
  public Map<String, Detached<Batch>> metrics(Detached<Token> trained, Detached<Token> rollout) {
    Detached<Token> logRatio = trained.minus(rollout);
    Map<String, Detached<Batch>> rejected =
        criteria.isEmpty() ? LinkedHashMap.empty() : RolloutRejection.metrics(criteria, logRatio);
    return weights
        .map(w -> w.metrics(logRatio))
        .getOrElse(LinkedHashMap.empty())
        .merge(rejected)
        .merge(OffPolicyMetrics.of(trained, rollout));
  }
}
