package lossmith.conform.trl;

import io.vavr.control.Option;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.recipes.trl.TrlBatch;
import lossmith.recipes.trl.TrlObjective.Vespo;

/** The inputs of a TRL case: every padded slot a token, TRL's mask a column. */
public final class TrlInputs {
  static final String MASK = "response_mask";

  /** The same as a number per token, whose zeros exist: a column of the batch. */
  static final String OWN_MASK = "token_mask";

  static final String WEIGHT = "importance_sampling_ratio";
  private static final String ADVANTAGE = "advantage";

  private final GoldenCase given;
  private final String weight;

  public TrlInputs(GoldenCase given) {
    this(given, WEIGHT);
  }

  /** Inputs in which the correction for another inference engine has a name of its own. */
  public TrlInputs(GoldenCase given, String weight) {
    this.given = given;
    this.weight = weight;
  }

  public static NumberArray mask(GoldenCase given) {
    NumberArray mask = given.input("response_mask");
    return given.has("tool_mask") ? mask.times(given.input("tool_mask")) : mask;
  }

  /** The batch of a system whose metrics count the slots of the mask. */
  public TrlBatch batch() {
    return new TrlBatch(Terms.given(OWN_MASK, Axis.TOKEN), Terms.given(ADVANTAGE, Axis.SEQUENCE));
  }

  /** The batch of GRPOTrainer, whose metrics count everything where responses have one slot. */
  TrlBatch grpoBatch() {
    Detached<Token> mask = Terms.given(OWN_MASK, Axis.TOKEN);
    boolean one = given.input(MASK).length(1) == 1;
    return new TrlBatch(
        mask, one ? Terms.constant(1, Axis.TOKEN) : mask, Terms.given(ADVANTAGE, Axis.SEQUENCE));
  }

  /** The batch where log-probabilities and entropies are given. */
  PaddedBatch statistics() {
    return base()
        .tokens(Columns.LOG_PROB, given.input("log_prob"))
        .tokens(Columns.ENTROPY, given.input("entropies"));
  }

  /** The batch where logits are. */
  PaddedBatch logits() {
    return base()
        .grid(BoundLoss.LOGITS, given.input("logits"))
        .sampled(given.input("completion_ids"));
  }

  /** The columns besides those of the policy. */
  public PaddedBatch base() {
    NumberArray mask = mask(given);
    PaddedBatch slots =
        PaddedBatch.whole(mask.length(0), mask.length(1))
            .tokens(OWN_MASK, mask)
            .sequences(ADVANTAGE, given.input("advantages"));
    PaddedBatch old = optional(slots, "old_log_prob", Columns.OLD_LOG_PROB);
    PaddedBatch referred = optional(old, "ref_log_prob", Columns.REFERENCE_LOG_PROB);
    PaddedBatch sampled = optional(referred, "sampling_log_prob", Columns.ROLLOUT_LOG_PROB);
    return ratio().map(array -> weighted(sampled, array)).getOrElse(sampled);
  }

  private PaddedBatch optional(PaddedBatch batch, String input, String column) {
    return given.has(input) ? batch.tokens(column, given.input(input)) : batch;
  }

  private static PaddedBatch weighted(PaddedBatch batch, NumberArray ratio) {
    return ofResponses(ratio) ? batch.sequences(WEIGHT, ratio) : batch.tokens(WEIGHT, ratio);
  }

  private Option<NumberArray> ratio() {
    return Option.when(given.has(weight), () -> given.input(weight));
  }

  private static boolean ofResponses(NumberArray ratio) {
    return ratio.rank() == 1 || ratio.length(1) == 1;
  }

  /** The correction's ratio at every slot. */
  public Option<Detached<Token>> weight() {
    return ratio()
        .map(
            array ->
                ofResponses(array)
                    ? Terms.given(WEIGHT, Axis.SEQUENCE).per(Axis.TOKEN)
                    : Terms.given(WEIGHT, Axis.TOKEN));
  }

  /** The sum of the correction's logarithms over what it has. */
  Option<Detached<Sequence>> logWeights() {
    return ratio()
        .map(
            array ->
                ofResponses(array)
                    ? Vespo.log(Terms.given(WEIGHT, Axis.SEQUENCE))
                    : Vespo.logs(Terms.given(WEIGHT, Axis.TOKEN)));
  }

  /** The policy that sampled, as far as TRL knows it. */
  Detached<Token> sampling() {
    return given.has("sampling_log_prob") ? Terms.rolloutLogProb() : Terms.oldLogProb();
  }
}
