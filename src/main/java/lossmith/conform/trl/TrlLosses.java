package lossmith.conform.trl;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenConfig;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.recipes.trl.TrlGmpo;
import lossmith.recipes.trl.TrlGrpo;
import lossmith.recipes.trl.TrlRloo;
import lossmith.recipes.trl.TrlSamplingRatio;
import lossmith.recipes.trl.TrlSamplingRatio.Beyond;

/** TRL's losses from its log-probabilities or logits, advantages and masks. */
public final class TrlLosses {
  private static final String OLD_SUM = "old_logps_sum";
  private static final String ENTROPY_MASK = "entropy_mask";

  private TrlLosses() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of(
        "trl.grpo_loss",
        GoldenFunction.of(TrlLosses::grpo),
        "trl.gspo_token_loss",
        GoldenFunction.of(TrlLosses::grpo),
        "trl.gmpo_loss",
        GoldenFunction.of(TrlLosses::gmpo),
        "trl.rloo_loss",
        GoldenFunction.of(TrlLosses::rloo),
        "trl.vllm_importance_sampling_ratio",
        TrlLosses::samplingRatio);
  }

  private static Computation grpo(GoldenCase given) {
    TrlInputs inputs = new TrlInputs(given);
    TrlChoices choices = new TrlChoices(given);
    boolean logits = given.has("logits");
    Term<Token> h = logits ? Terms.entropy() : Terms.given(Columns.ENTROPY, Axis.TOKEN);
    Option<Detached<Token>> kept =
        choices
            .topEntropy()
            .map(share -> TrlGrpo.highEntropy(inputs.grpoBatch(), h.stopGradient(), share));
    Seq<Detached<Token>> weights =
        List.<Detached<Token>>empty()
            .appendAll(choices.nearPolicy(inputs))
            .appendAll(kept)
            .appendAll(choices.corrected() ? inputs.weight() : Option.none());
    TrlGrpo grpo =
        new TrlGrpo(
            inputs.grpoBatch(),
            choices.level(),
            choices.objective(inputs),
            weights,
            choices.penalty(),
            choices.reduction(),
            choices.steps(),
            choices.entropyCoefficient().map(c -> new TrlGrpo.Bonus(c, h, kept)));
    Loss loss = grpo.loss().log("entropy", inputs.grpoBatch().mean(h.stopGradient()));
    Computation trial =
        logits
            ? Computation.on(inputs.logits(), Surface.LOGITS)
                .loss(loss)
                .gradient("logits", BoundLoss.LOGITS)
                .output("entropy", h)
                .output("log_prob", Terms.logProb())
                .parameter(
                    Columns.TEMPERATURE,
                    given.config().optionalNumber("temperature").getOrElse(1.0))
            : Computation.on(inputs.statistics()).loss(loss).gradient("log_prob", Columns.LOG_PROB);
    Computation masked = kept.map(mask -> trial.output(ENTROPY_MASK, mask)).getOrElse(trial);
    return choices
        .entropyCoefficient()
        .map(c -> masked.metric("entropy_coef", Terms.constant(c, Axis.BATCH)))
        .getOrElse(masked);
  }

  private static Computation gmpo(GoldenCase given) {
    TrlInputs inputs = new TrlInputs(given);
    TrlChoices choices = new TrlChoices(given);
    Detached<Token> h = Terms.given(Columns.ENTROPY, Axis.TOKEN);
    Option<Detached<Token>> kept =
        choices.topEntropy().map(share -> TrlGrpo.highEntropy(inputs.grpoBatch(), h, share));
    Loss loss =
        new TrlGmpo(
                inputs.grpoBatch(),
                given.config().number("epsilon_low"),
                given.config().number("epsilon_high"),
                kept.getOrElse(Terms.constant(1, Axis.TOKEN)),
                given.config().optionalNumber("beta").getOrElse(0.0),
                choices.steps())
            .loss();
    Computation trial =
        Computation.on(inputs.statistics())
            .loss(loss.log("entropy", inputs.grpoBatch().mean(h)))
            .gradient("log_prob", Columns.LOG_PROB);
    return kept.map(mask -> trial.output(ENTROPY_MASK, mask)).getOrElse(trial);
  }

  private static Computation rloo(GoldenCase given) {
    TrlInputs inputs = new TrlInputs(given);
    Loss loss =
        new TrlRloo(
                inputs.batch(),
                Terms.given(OLD_SUM, Axis.SEQUENCE),
                given.config().number("epsilon_low"),
                given.config().number("epsilon_high"))
            .loss();
    return Computation.on(inputs.statistics().sequences(OLD_SUM, given.input(OLD_SUM)))
        .loss(loss.log("entropy", inputs.batch().mean(Terms.given(Columns.ENTROPY, Axis.TOKEN))))
        .gradient("log_prob", Columns.LOG_PROB);
  }

  private static ComputedFields samplingRatio(GoldenCase given, Meaning meaning) {
    GoldenConfig config = given.config();
    String mode = config.text("vllm_importance_sampling_mode");
    TrlSamplingRatio ratio =
        new TrlSamplingRatio(
            Terms.given(TrlInputs.OWN_MASK, Axis.TOKEN),
            switch (mode) {
              case "token_mask", "sequence_mask" -> Beyond.MASKED;
              case "token_truncate", "sequence_truncate" -> Beyond.TRUNCATED;
              default ->
                  throw Problem.of(
                          "vllm_importance_sampling_mode",
                          mode,
                          "token_mask, token_truncate, sequence_mask or sequence_truncate",
                          "one of them")
                      .exception();
            },
            config.optionalNumber("vllm_importance_sampling_clip_min"),
            config.optionalNumber("vllm_importance_sampling_clip_max"));
    boolean responses = mode.startsWith("sequence");
    NumberArray mask = TrlInputs.mask(given);
    PaddedBatch batch =
        PaddedBatch.whole(mask.length(0), mask.length(1))
            .tokens(TrlInputs.OWN_MASK, mask)
            .tokens(Columns.OLD_LOG_PROB, given.input("old_log_prob"))
            .tokens(Columns.ROLLOUT_LOG_PROB, given.input("sampling_log_prob"));
    Computation trial =
        Computation.on(batch)
            .output(TrlInputs.WEIGHT, responses ? ratio.ofResponses() : ratio.ofTokens());
    var logged = responses ? ratio.ofResponsesLogged() : ratio.ofTokensLogged();
    ComputedFields found =
        logged.foldLeft(trial, (t, metric) -> t.metric(metric._1, metric._2)).outcome(meaning);
    return responses ? found.output(TrlInputs.WEIGHT, column(found)) : found;
  }

  /** TRL gives a ratio per response the shape of one slot. */
  private static NumberArray column(ComputedFields found) {
    double[] values = found.outputs().get(TrlInputs.WEIGHT).get().values();
    return NumberArray.of(values, values.length, 1);
  }
}
