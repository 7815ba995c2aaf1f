package lossmith.check;

import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import lossmith.dsl.Columns;

/**
 * The policy as the trainer knows it beside the one that the inference engine recorded, at tokens
 * where both numbers are possible log-probs.
 */
final class RolloutGap {
  private final String trained;
  private final int[] tokens;
  private final double[] differences;
  private final double[] ratios;

  private RolloutGap(String trained, int[] tokens, double[] differences) {
    this.trained = trained;
    this.tokens = tokens;
    this.differences = differences;
    this.ratios = Arrays.stream(differences).map(Math::exp).toArray();
  }

  /** {@return both beside each other, where the file has both} */
  static Option<RolloutGap> of(Recorded recorded) {
    String trained =
        recorded.perToken(Columns.OLD_LOG_PROB).isDefined()
            ? Columns.OLD_LOG_PROB
            : Columns.LOG_PROB;
    for (double[] ours : recorded.perToken(trained)) {
      for (double[] theirs : recorded.perToken(Columns.ROLLOUT_LOG_PROB)) {
        int[] tokens =
            recorded.where(t -> Recorded.possible(ours[t]) && Recorded.possible(theirs[t]));
        double[] differences = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
          differences[i] = ours[tokens[i]] - theirs[tokens[i]];
        }
        return Option.when(tokens.length > 0, () -> new RolloutGap(trained, tokens, differences));
      }
    }
    return Option.none();
  }

  /** {@return the trainer's column: old_log_prob, or log_prob where there is none} */
  String trained() {
    return trained;
  }

  /** {@return the tokens} */
  int[] tokens() {
    return tokens;
  }

  /**
   * {@return for each token the trainer's log-prob minus the engine's, the log of the importance
   * ratio}
   */
  double[] differences() {
    return differences;
  }

  /** {@return for each token the importance ratio} */
  double[] ratios() {
    return ratios;
  }

  /** {@return the share of tokens whose difference is of some kind} */
  double share(DoublePredicate kind) {
    return Arrays.stream(differences).filter(kind).count() / (double) tokens.length;
  }
}
