package lossmith.conform.trl;

import io.vavr.control.Option;
import java.util.function.DoubleSupplier;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenConfig;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Problem;
import lossmith.recipes.trl.TrlGrpo;
import lossmith.recipes.trl.TrlGrpo.Penalty;
import lossmith.recipes.trl.TrlObjective;
import lossmith.recipes.trl.TrlObjective.Vespo;
import lossmith.recipes.trl.TrlRatio;
import lossmith.recipes.trl.TrlReduction;

/** The settings of a TRL case, by the names of its {@code GRPOConfig}. */
public final class TrlChoices {
  private final GoldenConfig config;

  public TrlChoices(GoldenCase given) {
    this.config = given.config();
  }

  private double number(String name, double otherwise) {
    return config.optionalNumber(name).getOrElse(otherwise);
  }

  public TrlRatio level() {
    String level = config.text("importance_sampling_level");
    return switch (level) {
      case "token" -> TrlRatio.TOKEN;
      case "sequence" -> TrlRatio.SEQUENCE;
      case "sequence_token" -> TrlRatio.SEQUENCE_TOKEN;
      default ->
          throw unknown("importance_sampling_level", level, "token, sequence or sequence_token");
    };
  }

  public TrlObjective objective(TrlInputs inputs) {
    String type = config.text("loss_type");
    return switch (type) {
      case "grpo", "bnpo", "dr_grpo", "dapo", "luspo" ->
          new TrlObjective.Clipped(
              config.number("epsilon_low"),
              config.number("epsilon_high"),
              config.optionalNumber("delta"));
      case "cispo" -> new TrlObjective.Cispo(config.number("epsilon_high"));
      case "sapo" ->
          new TrlObjective.Sapo(
              number("sapo_temperature_pos", 1), number("sapo_temperature_neg", 1.05));
      case "vespo" ->
          new Vespo(
              new Vespo.Shape(number("vespo_k_pos", 2), number("vespo_lambda_pos", 3)),
              new Vespo.Shape(number("vespo_k_neg", 3), number("vespo_lambda_neg", 2)),
              inputs.logWeights());
      default -> throw unknown("loss_type", type, "a loss type of GRPOTrainer");
    };
  }

  /** The reduction where the batch's tokens are given. */
  public TrlReduction reduction() {
    return reduction(() -> config.number("num_items_in_batch"));
  }

  /** The reduction where the batch's tokens are counted unless they are given. */
  public TrlReduction reduction(double counted) {
    return reduction(() -> number("num_items_in_batch", counted));
  }

  private TrlReduction reduction(DoubleSupplier tokens) {
    String type = config.text("loss_type");
    return switch (type) {
      case "grpo", "sapo" -> new TrlReduction.OfResponses();
      case "bnpo" -> new TrlReduction.OfSlots();
      case "dr_grpo" -> new TrlReduction.OfConstantLength(config.number("max_completion_length"));
      case "cispo", "dapo", "vespo" ->
          new TrlReduction.OfBatchTokens(
              Math.max(1, tokens.getAsDouble()) / number("num_processes", 1));
      case "luspo" -> new TrlReduction.OfPaddedSlots();
      default -> throw unknown("loss_type", type, "a loss type of GRPOTrainer");
    };
  }

  public Option<Penalty> penalty() {
    double beta = number("beta", 0);
    Penalty.Kind kind =
        config.flag("use_bias_correction_kl") ? Penalty.Kind.TIMES_RATIO : Penalty.Kind.PLAIN;
    return Option.when(beta != 0, () -> new Penalty(beta, kind));
  }

  /** Over how many micro-batches gradients are accumulated; none in evaluation. */
  double steps() {
    String mode = config.optionalText("mode").getOrElse("train");
    return switch (mode) {
      case "train" -> number("current_gradient_accumulation_steps", 1);
      case "eval" -> 1;
      default -> throw unknown("mode", mode, "train or eval");
    };
  }

  Option<Double> topEntropy() {
    return config.optionalNumber("top_entropy_quantile").filter(share -> share < 1);
  }

  Option<Double> entropyCoefficient() {
    return config.optionalNumber("entropy_coef").filter(c -> c != 0);
  }

  Option<Detached<Token>> nearPolicy(TrlInputs inputs) {
    return config
        .optionalNumber("off_policy_mask_threshold")
        .map(most -> TrlGrpo.nearPolicy(inputs.batch(), inputs.sampling(), most));
  }

  /** Whether the correction for the inference engine multiplies the objective. */
  boolean corrected() {
    return config.flag("use_vllm") && multiplied();
  }

  /** VESPO has the correction in its ratio instead. */
  public boolean multiplied() {
    return !config.text("loss_type").equals("vespo");
  }

  private static RuntimeException unknown(String setting, String got, String expected) {
    return Problem.of(setting, got, expected, "one of them").exception();
  }
}
