package lossmith.recipes.verl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.parameter;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;

/**
 * verl's {@code agg_loss}: five ways from a number per token to one number, each with the counts of
 * a larger global batch in place of its own where they are given. Responses without tokens count
 * nowhere.
 */
public final class VerlAggregation {
  private static final Set<String> MODES =
      HashSet.of(
          "token-mean",
          "token-sum",
          "seq-mean-token-mean",
          "seq-mean-token-sum",
          "seq-mean-token-sum-norm");

  private final String mode;
  private final Over<Token, Sequence> inResponse;
  private final Over<Token, Batch> inBatch;
  private final Over<Sequence, Batch> nonempty;
  private final Detached<Batch> tokens;
  private final Detached<Batch> responses;
  private final Detached<Batch> replicas;
  private final Detached<Batch> horizon;
  private final double epsilon;

  private VerlAggregation(
      String mode, VerlSettings settings, double epsilon, Option<Condition<Token>> kept) {
    this.mode = mode;
    this.inResponse = kept.map(TOKENS::where).getOrElse(TOKENS);
    this.inBatch = kept.map(ALL_TOKENS::where).getOrElse(ALL_TOKENS);
    this.nonempty = ALL_SEQUENCES.where(count(inResponse).positive());
    this.tokens = global(settings, "batch_num_tokens", count(inBatch));
    this.responses = global(settings, "global_batch_size", count(nonempty));
    this.replicas = global(settings, "dp_size", constant(1, BATCH));
    this.horizon = global(settings, "loss_scale_factor", length().max(ALL_SEQUENCES));
    this.epsilon = epsilon;
  }

  /**
   * {@return the aggregation of verl's {@code loss_agg_mode}, if there is one of that name}
   *
   * @param mode verl's name
   * @param settings verl's {@code batch_num_tokens}, {@code global_batch_size}, {@code dp_size} and
   *     {@code loss_scale_factor}, where they are set. Without the last, {@code
   *     seq-mean-token-sum-norm} divides by the longest response; verl divides by the padded width,
   *     which is no property of the data, so give it by this name.
   * @param epsilon what is added to the number of a response's tokens
   * @param kept the tokens that count, in numerators and denominators; all where none is given
   */
  static Option<VerlAggregation> of(
      String mode, VerlSettings settings, double epsilon, Option<Condition<Token>> kept) {
    return Option.when(
        MODES.contains(mode), () -> new VerlAggregation(mode, settings, epsilon, kept));
  }

  /**
   * {@return the aggregation of verl's {@code loss_agg_mode} over all tokens, {@code token-mean}
   * where it is not set, if there is one of that name}
   *
   * @param settings verl's settings
   */
  public static Option<VerlAggregation> of(VerlSettings settings) {
    String mode = settings.text("loss_agg_mode").getOrElse("token-mean");
    return of(mode, settings, Conventions.verl().denominatorEpsilon(), Option.none());
  }

  /**
   * {@return OpenRLHF's aggregation: over all tokens, or over responses of the mean over their
   * tokens, with verl's names of global counts and verl's epsilon}
   *
   * @param ofTokens OpenRLHF's {@code token_level_loss}
   * @param settings the global counts
   */
  public static VerlAggregation openRlhf(boolean ofTokens, VerlSettings settings) {
    String mode = ofTokens ? "token-mean" : "seq-mean-token-mean";
    return new VerlAggregation(
        mode, settings, Conventions.verl().denominatorEpsilon(), Option.none());
  }

  /** {@return verl's mean of a metric: Σ / (n + epsilon) over the tokens that count} */
  public Detached<Batch> mean(Detached<Token> x) {
    return x.sum(inBatch).dividedBy(count(inBatch).shiftedBy(epsilon));
  }

  /** {@return the aggregated term} */
  public Term<Batch> of(Term<Token> x) {
    Term<Sequence> sums = x.sum(inResponse);
    return switch (mode) {
      case "token-mean" -> scaled(x.sum(inBatch).dividedBy(tokens));
      case "token-sum" -> scaled(x.sum(inBatch));
      case "seq-mean-token-mean" -> ofSequenceMeans(x);
      case "seq-mean-token-sum" -> overResponses(sums);
      default -> overResponses(sums).dividedBy(horizon);
    };
  }

  /** {@return the mean over responses of the mean over their tokens, whatever the mode} */
  Term<Batch> ofSequenceMeans(Term<Token> x) {
    return overResponses(x.sum(inResponse).dividedBy(count(inResponse).shiftedBy(epsilon)));
  }

  /** A global count is a parameter, so that it is fed and not compiled in. */
  private static Detached<Batch> global(VerlSettings settings, String name, Detached<Batch> own) {
    return settings
        .number(name)
        .<Detached<Batch>>map(given -> parameter(name, given, 1e-6, 1e15))
        .getOrElse(own);
  }

  private Term<Batch> overResponses(Term<Sequence> x) {
    return scaled(x.sum(nonempty).dividedBy(responses));
  }

  private Term<Batch> scaled(Term<Batch> x) {
    return x.times(replicas);
  }
}
