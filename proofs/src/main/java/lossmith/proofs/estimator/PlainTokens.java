package lossmith.proofs.estimator;

/** Numbers of the tokens of a batch, and of its responses behind their last token. */
final class PlainTokens {
  private final double[] rewards;
  private final double[] values;
  private final double[] logRatios;
  private final double[] finished;
  private final double[] nextValues;

  /**
   * The numbers.
   *
   * @param rewards what each token earned
   * @param values what each token was expected to earn from there on
   * @param logRatios log π − log π_old
   * @param finished 1 for a response that ended by itself
   * @param nextValues the value behind the last token of each response
   */
  PlainTokens(
      double[] rewards,
      double[] values,
      double[] logRatios,
      double[] finished,
      double[] nextValues) {
    this.rewards = rewards;
    this.values = values;
    this.logRatios = logRatios;
    this.finished = finished;
    this.nextValues = nextValues;
  }

  double reward(int token) {
    return rewards[token];
  }

  double value(int token) {
    return values[token];
  }

  /** The same where each token earned another number. */
  PlainTokens earning(double[] others) {
    return new PlainTokens(others, values, logRatios, finished, nextValues);
  }

  /** π/π_old, no larger than a bound. */
  double ratio(int token, double bound) {
    return Math.min(Math.exp(logRatios[token]), bound);
  }

  /** The value behind the last token where a response was cut, 0 where it is finished. */
  double behind(int response) {
    return finished[response] > 0 ? 0 : nextValues[response];
  }
}
