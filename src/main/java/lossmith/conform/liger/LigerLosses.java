package lossmith.conform.liger;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.OutputLayer;
import lossmith.conform.golden.PaddedBatch;
import lossmith.conform.trl.TrlChoices;
import lossmith.conform.trl.TrlInputs;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.recipes.liger.LigerGrpo;
import lossmith.recipes.trl.TrlGrpo;
import lossmith.recipes.trl.TrlGrpo.Penalty;

/**
 * Liger's losses from hidden states and the output matrix. Without a reference model the policy is
 * its own reference, whatever else is given: the penalty is 0.
 */
public final class LigerLosses {
  private LigerLosses() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("liger.fused_linear_grpo_loss", LigerLosses::grpo);
  }

  private static ComputedFields grpo(GoldenCase given, Meaning meaning) {
    OutputLayer layer =
        new OutputLayer(given.input("hidden"), given.input("weight"), optional(given, "bias"));
    TrlInputs inputs = new TrlInputs(given, "vllm_is_ratio");
    TrlChoices choices = new TrlChoices(given);
    Option<Penalty> penalty = choices.penalty();
    boolean referred = given.config().flag("use_ref_model", true);
    TrlGrpo grpo =
        new TrlGrpo(
            inputs.batch(),
            choices.level(),
            choices.objective(inputs),
            choices.multiplied() ? inputs.weight().toList() : List.empty(),
            penalty.filter(p -> referred),
            choices.reduction(mask(given)),
            1,
            Option.none());
    Loss loss = new LigerGrpo(grpo).loss();
    boolean toItself = penalty.isDefined() && !referred;
    double temperature = given.config().optionalNumber("temperature").getOrElse(1.0);
    ComputedFields found =
        Computation.on(slots(given, inputs, layer.logits(), temperature), Surface.LOGITS)
            .loss(toItself ? loss.log("kl", Terms.constant(0, Axis.BATCH)) : loss)
            .gradient("logits", BoundLoss.LOGITS)
            .output("log_prob", Terms.logProb())
            .parameter(Columns.TEMPERATURE, temperature)
            .outcome(meaning);
    NumberArray gradient = found.gradients().get("logits").get();
    return new ComputedFields(
        found.loss(), layer.gradients(gradient), found.metrics(), found.outputs(), found.added());
  }

  private static Option<NumberArray> optional(GoldenCase given, String name) {
    return Option.when(given.has(name), () -> given.input(name));
  }

  private static double mask(GoldenCase given) {
    return Arrays.stream(TrlInputs.mask(given).values()).sum();
  }

  private static PaddedBatch slots(
      GoldenCase given, TrlInputs inputs, NumberArray logits, double temperature) {
    NumberArray sampled = given.input("selected_token_ids");
    PaddedBatch batch = inputs.base().grid(BoundLoss.LOGITS, logits).sampled(sampled);
    if (given.has("ref_log_prob") || !given.has("ref_hidden")) {
      return batch;
    }
    NumberArray reference =
        new OutputLayer(
                given.input("ref_hidden"), given.input("ref_weight"), optional(given, "ref_bias"))
            .logits();
    return batch.tokens(
        Columns.REFERENCE_LOG_PROB, OutputLayer.logProb(reference, sampled, temperature));
  }
}
