package lossmith.check;

import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import lossmith.dsl.Columns;

/**
 * The policy as the trainer knows it beside the one that the inference engine recorded, at tokens
 * where both numbers are possible log-probs.
 *
 * @param trained the trainer's column: {@code old_log_prob}, or {@code log_prob} where there is
 *     none
 * @param tokens the tokens
 * @param differences for each, the trainer's log-prob minus the engine's: the log of the importance
 *     ratio
 * @param ratios for each, the importance ratio
 */
record RolloutGap(String trained, int[] tokens, double[] differences, double[] ratios) {
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
        double[] ratios = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
          differences[i] = ours[tokens[i]] - theirs[tokens[i]];
          ratios[i] = Math.exp(differences[i]);
        }
        return Option.when(tokens.length > 0, new RolloutGap(trained, tokens, differences, ratios));
      }
    }
    return Option.none();
  }

  /** {@return the share of tokens whose difference is of some kind} */
  double share(DoublePredicate kind) {
    return Arrays.stream(differences).filter(kind).count() / (double) tokens.length;
  }
}
