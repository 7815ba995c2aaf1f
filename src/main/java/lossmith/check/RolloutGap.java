package lossmith.check;

import io.vavr.control.Option;
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
 */
record RolloutGap(String trained, int[] tokens, double[] differences) {
  /** {@return both beside each other, where the file has both} */
  static Option<RolloutGap> of(Recorded recorded) {
    String trained =
        recorded.perToken(Columns.OLD_LOG_PROB).isDefined()
            ? Columns.OLD_LOG_PROB
            : Columns.LOG_PROB;
    return recorded
        .perToken(trained)
        .flatMap(
            ours ->
                recorded
                    .perToken(Columns.ROLLOUT_LOG_PROB)
                    .map(
                        theirs -> {
                          int[] tokens =
                              recorded.where(
                                  t -> Recorded.possible(ours[t]) && Recorded.possible(theirs[t]));
                          double[] d = new double[tokens.length];
                          for (int i = 0; i < d.length; i++) {
                            d[i] = ours[tokens[i]] - theirs[tokens[i]];
                          }
                          return new RolloutGap(trained, tokens, d);
                        }))
        .filter(gap -> gap.tokens.length > 0);
  }

  /** {@return the share of differences that are above, or below, a bound} */
  double share(java.util.function.DoublePredicate which) {
    return java.util.Arrays.stream(differences).filter(which).count() / (double) tokens.length;
  }
}
