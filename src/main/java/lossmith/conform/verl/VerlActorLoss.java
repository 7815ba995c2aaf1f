package lossmith.conform.verl;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Surface;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSettings;

/** verl's whole actor loss from logits. */
public final class VerlActorLoss {
  /** The metrics that are not the policy loss's own. */
  private static final Set<String> PARTS = HashSet.of("pg_loss", "entropy_loss", "kl_loss");

  private VerlActorLoss() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("verl.actor_loss", VerlActorLoss::outcome);
  }

  private static ComputedFields outcome(GoldenCase given, Meaning meaning) {
    PaddedBatch batch =
        VerlPolicyLosses.batch(given)
            .grid("logits", given.input("logits"))
            .sampled(given.input("labels"));
    VerlSettings settings = VerlPolicyLosses.settings(given, batch);
    Loss loss =
        VerlLosses.actor(
                settings, VerlPolicyLosses.ADVANTAGE, VerlPolicyLosses.rolloutWeight(given))
            .getOrElseThrow(
                () ->
                    Problem.of(
                            "verl",
                            given.name(),
                            "a policy loss, aggregation and KL of verl",
                            "such a case")
                        .exception());
    Computation trial =
        Computation.on(batch, Surface.LOGITS).loss(loss).gradient("logits", "logits");
    Computation logged =
        loss.metrics()
            .foldLeft(
                trial,
                (all, metric) ->
                    all.metric(
                        PARTS.contains(metric._1) ? metric._1 : "actor/" + metric._1, metric._2));
    Computation whole =
        Computation.on(batch.whole(), Surface.LOGITS)
            .output("log_prob", Terms.logProb())
            .output("entropy", Terms.entropy());
    return logged.outcome(meaning).and(whole.outcome(meaning));
  }
}
