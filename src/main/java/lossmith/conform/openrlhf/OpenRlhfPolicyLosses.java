package lossmith.conform.openrlhf;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenConfig;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.PaddedBatch;
import lossmith.conform.verl.VerlPolicyLosses;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Terms;
import lossmith.recipes.openrlhf.OpenRlhfLosses;
import lossmith.recipes.openrlhf.OpenRlhfLosses.Correction;
import lossmith.recipes.verl.VerlAggregation;
import lossmith.recipes.verl.VerlSettings;

/** OpenRLHF's policy and value losses. */
public final class OpenRlhfPolicyLosses {
  private static final String OLD_VALUE = "old_value";
  private static final String RETURN = "return";

  private OpenRlhfPolicyLosses() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of(
        "openrlhf.policy_loss",
        GoldenFunction.of(OpenRlhfPolicyLosses::policy),
        "openrlhf.value_loss",
        GoldenFunction.of(OpenRlhfPolicyLosses::value));
  }

  private static Computation policy(GoldenCase given) {
    GoldenConfig config = given.config();
    String type = config.text("policy_loss_type");
    boolean ofTokens = config.flag("token_level_loss") && !type.equals("gspo");
    OpenRlhfLosses losses =
        new OpenRlhfLosses(
            Clip.around(config.number("clip_eps_low"), config.number("clip_eps_high")),
            config.optionalNumber("dual_clip"),
            aggregation(ofTokens, config));
    boolean corrected = config.flag("enable_vllm_is_correction");
    Loss loss =
        switch (type) {
          case "ppo" ->
              losses.ppo(VerlPolicyLosses.ADVANTAGE, Option.when(corrected, () -> weight(config)));
          case "gspo" ->
              losses.gspo(
                  VerlPolicyLosses.ADVANTAGE,
                  corrected ? Terms.rolloutLogProb() : Terms.oldLogProb());
          default -> throw unknown("policy_loss_type", config, "ppo or gspo");
        };
    return Computation.on(VerlPolicyLosses.batch(given))
        .loss(loss)
        .gradient("log_prob", Columns.LOG_PROB);
  }

  private static Detached<Token> weight(GoldenConfig config) {
    Seq<Double> bounds = config.numbers("vllm_is_truncated_threshold", 2);
    Correction correction =
        switch (config.text("vllm_is_correction_type")) {
          case "tis" -> Correction.TRUNCATED;
          case "icepop" -> Correction.DROPPED;
          case "seq-mask-tis" -> Correction.DROPPED_WITH_RESPONSE;
          default ->
              throw unknown("vllm_is_correction_type", config, "tis, icepop or seq-mask-tis");
        };
    return correction.weight(bounds.head(), bounds.last());
  }

  private static Computation value(GoldenCase given) {
    PaddedBatch batch =
        PaddedBatch.masked(given.input("response_mask"))
            .tokens(Columns.VALUE, given.input("values"))
            .tokens(OLD_VALUE, given.input("old_values"))
            .tokens(RETURN, given.input("returns"));
    Loss loss =
        OpenRlhfLosses.value(
            Terms.given(OLD_VALUE, Axis.TOKEN),
            Terms.given(RETURN, Axis.TOKEN),
            given.config().optionalNumber("clip_eps"),
            aggregation(given.config().flag("token_level_loss"), given.config()));
    return Computation.on(batch).loss(loss).gradient("values", Columns.VALUE);
  }

  private static VerlAggregation aggregation(boolean ofTokens, GoldenConfig config) {
    return VerlAggregation.openRlhf(ofTokens, new VerlSettings(config.values()));
  }

  private static RuntimeException unknown(String setting, GoldenConfig config, String expected) {
    return Problem.of(setting, config.text(setting), expected, "one of them").exception();
  }
}
