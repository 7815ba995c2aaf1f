package lossmith.conform.verl;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Terms;
import lossmith.recipes.verl.VerlRolloutCorrection;

/** verl's weights, rejections and metrics of a rollout policy that is not the trained one. */
public final class VerlRolloutCorrections {
  private VerlRolloutCorrections() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of(
        "verl.rollout_correction", GoldenFunction.of(VerlRolloutCorrections::correction));
  }

  private static Computation correction(GoldenCase given) {
    PaddedBatch batch = VerlPolicyLosses.batch(given);
    var correction = VerlRolloutCorrection.of(VerlPolicyLosses.settings(given, batch));
    Detached<Token> trained = Terms.given(Columns.OLD_LOG_PROB, Axis.TOKEN);
    Detached<Token> rollout = Terms.rolloutLogProb();
    Computation masks =
        Computation.on(batch)
            .output("modified_response_mask", correction.kept(trained, rollout).indicator());
    Computation weighted =
        correction
            .weights(trained, rollout)
            .map(weights -> masks.output("rollout_is_weights", weights))
            .getOrElse(masks);
    return correction
        .metrics(trained, rollout)
        .foldLeft(weighted, (all, metric) -> all.metric("rollout_corr/" + metric._1, metric._2));
  }
}
