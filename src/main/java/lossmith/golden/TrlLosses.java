package lossmith.golden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Terms;
import lossmith.recipes.TrlLuspo;

/** TRL's losses from its log-probabilities, advantages and masks. */
final class TrlLosses {
  private static final String ADVANTAGE = "advantage";
  private static final String MASK = "response_mask";
  private static final String WEIGHT = "importance_sampling_ratio";

  private TrlLosses() {}

  static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("trl.grpo_loss", GoldenFunction.of(TrlLosses::grpo));
  }

  private static Trial grpo(GoldenCase given) {
    String type = given.config().text("loss_type");
    if (!type.equals("luspo")) {
      throw Problem.of("loss_type", type, "luspo", "a case of that type").exception();
    }
    return luspo(given);
  }

  /** LUSPO counts padded slots, so every slot is a token and the mask is a column. */
  private static Trial luspo(GoldenCase given) {
    NumberArray mask = mask(given);
    PaddedBatch slots =
        PaddedBatch.whole(mask.length(0), mask.length(1))
            .tokens(MASK, mask)
            .tokens(Columns.LOG_PROB, given.input("log_prob"))
            .tokens(Columns.ENTROPY, given.input("entropies"))
            .sequences(ADVANTAGE, given.input("advantages"));
    PaddedBatch old = optional(slots, given, "old_log_prob", Columns.OLD_LOG_PROB);
    PaddedBatch referred = optional(old, given, "ref_log_prob", Columns.REFERENCE_LOG_PROB);
    Option<NumberArray> ratio =
        Option.when(given.config().flag("use_vllm"), () -> given.input(WEIGHT));
    PaddedBatch batch = ratio.map(array -> weighted(referred, array)).getOrElse(referred);
    TrlLuspo luspo = luspo(given, ratio);
    Loss loss =
        luspo.loss().log("entropy", luspo.ofCounted(Terms.given(Columns.ENTROPY, Axis.TOKEN)));
    return Trial.on(batch).loss(loss).gradient("log_prob", Columns.LOG_PROB);
  }

  private static TrlLuspo luspo(GoldenCase given, Option<NumberArray> ratio) {
    GoldenConfig config = given.config();
    Option<Detached<Token>> weight =
        ratio.map(
            array ->
                ofResponses(array)
                    ? Terms.given(WEIGHT, Axis.SEQUENCE).per(Axis.TOKEN)
                    : Terms.given(WEIGHT, Axis.TOKEN));
    return new TrlLuspo(
        config.text("importance_sampling_level").equals("sequence"),
        config.number("epsilon_low"),
        config.number("epsilon_high"),
        config.optionalNumber("delta"),
        config.optionalNumber("beta").getOrElse(0.0),
        config.optionalNumber("current_gradient_accumulation_steps").getOrElse(1.0),
        Terms.given(MASK, Axis.TOKEN),
        Terms.given(ADVANTAGE, Axis.SEQUENCE),
        weight);
  }

  private static NumberArray mask(GoldenCase given) {
    NumberArray mask = given.input("response_mask");
    return given.has("tool_mask") ? mask.times(given.input("tool_mask")) : mask;
  }

  private static PaddedBatch optional(
      PaddedBatch batch, GoldenCase given, String input, String column) {
    return given.has(input) ? batch.tokens(column, given.input(input)) : batch;
  }

  private static boolean ofResponses(NumberArray ratio) {
    return ratio.length(1) == 1;
  }

  private static PaddedBatch weighted(PaddedBatch batch, NumberArray ratio) {
    return ofResponses(ratio) ? batch.sequences(WEIGHT, ratio) : batch.tokens(WEIGHT, ratio);
  }
}
