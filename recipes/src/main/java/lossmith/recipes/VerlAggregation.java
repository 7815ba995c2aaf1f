package lossmith.recipes;

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
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Term;

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
  private static final Over<Sequence, Batch> RESPONSES = ALL_SEQUENCES.where(length().positive());

  private final String mode;
  private final Detached<Batch> tokens;
  private final Detached<Batch> responses;
  private final Detached<Batch> replicas;
  private final Detached<Batch> horizon;
  private final double epsilon;

  private VerlAggregation(String mode, VerlSettings settings, double epsilon) {
    this.mode = mode;
    this.tokens = global(settings, "batch_num_tokens", count(ALL_TOKENS));
    this.responses = global(settings, "global_batch_size", count(RESPONSES));
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
   */
  static Option<VerlAggregation> of(String mode, VerlSettings settings, double epsilon) {
    return Option.when(MODES.contains(mode), () -> new VerlAggregation(mode, settings, epsilon));
  }

  /** {@return the aggregated term} */
  public Term<Batch> of(Term<Token> x) {
    Term<Sequence> sums = x.sum(TOKENS);
    return switch (mode) {
      case "token-mean" -> scaled(x.sum(ALL_TOKENS).dividedBy(tokens));
      case "token-sum" -> scaled(x.sum(ALL_TOKENS));
      case "seq-mean-token-mean" -> overResponses(sums.dividedBy(length().shiftedBy(epsilon)));
      case "seq-mean-token-sum" -> overResponses(sums);
      default -> overResponses(sums).dividedBy(horizon);
    };
  }

  /** A global count is a parameter, so that it is fed and not compiled in. */
  private static Detached<Batch> global(VerlSettings settings, String name, Detached<Batch> own) {
    return settings.values().get(name) instanceof Number given
        ? parameter(name, given.doubleValue(), 1, 1e15)
        : own;
  }

  private Term<Batch> overResponses(Term<Sequence> x) {
    return scaled(x.sum(RESPONSES).dividedBy(responses));
  }

  private Term<Batch> scaled(Term<Batch> x) {
    return x.times(replicas);
  }
}
