package lossmith.proofs.estimator;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** What estimators read of a batch, as plain arrays. */
final class PlainResponses {
  private final int[] lengths;
  private final int[] prompts;
  private final int[] responseOf;
  private final double[] rewards;
  private final boolean[] scored;
  private final boolean[] counts;
  private final PlainTokens columns;
  private final int[] responses;
  private final int[][] groups;

  /**
   * A batch.
   *
   * @param lengths how many tokens each response has
   * @param prompts the prompt of each response
   * @param rewards a number per response
   * @param scored which responses have a reward
   * @param counts which tokens are the policy's own
   * @param columns the numbers of tokens
   */
  PlainResponses(
      int[] lengths,
      int[] prompts,
      double[] rewards,
      boolean[] scored,
      boolean[] counts,
      PlainTokens columns) {
    this.lengths = lengths;
    this.prompts = prompts;
    this.rewards = rewards;
    this.scored = scored;
    this.counts = counts;
    this.columns = columns;
    this.responseOf =
        IntStream.range(0, lengths.length)
            .flatMap(i -> IntStream.range(0, lengths[i]).map(t -> i))
            .toArray();
    this.responses = IntStream.range(0, lengths.length).filter(i -> scored[i]).toArray();
    this.groups =
        IntStream.range(0, lengths.length)
            .mapToObj(i -> where(responses, j -> prompts[j] == prompts[i]))
            .toArray(int[][]::new);
  }

  /** The same with another number for each response. */
  PlainResponses rewarded(double[] others) {
    return new PlainResponses(lengths, prompts, others, scored, counts, columns);
  }

  /** The same where each token earned another number. */
  PlainResponses earning(double[] others) {
    return new PlainResponses(lengths, prompts, rewards, scored, counts, columns.earning(others));
  }

  PlainTokens columns() {
    return columns;
  }

  /** How many responses there are, with a reward or without. */
  int size() {
    return lengths.length;
  }

  double reward(int response) {
    return rewards[response];
  }

  int length(int response) {
    return lengths[response];
  }

  int response(int token) {
    return responseOf[token];
  }

  int tokens() {
    return responseOf.length;
  }

  boolean counts(int token) {
    return counts[token] && scored[responseOf[token]];
  }

  /** The responses with a reward. */
  int[] responses() {
    return responses;
  }

  /** Those of them to the same prompt. */
  int[] group(int response) {
    return groups[response];
  }

  /** Those of them but this one. */
  int[] others(int response) {
    return where(group(response), i -> i != response);
  }

  /** The tokens of a response that count. */
  int[] tokensOf(int response) {
    return IntStream.range(0, tokens())
        .filter(t -> responseOf[t] == response && counts(t))
        .toArray();
  }

  /** All tokens that count. */
  int[] counted() {
    return IntStream.range(0, tokens()).filter(this::counts).toArray();
  }

  /** A number of each response with a reward at its tokens, 0 at those of others. */
  double[] spread(IntToDoubleFunction ofResponse) {
    double[] each = new double[lengths.length];
    for (int i : responses()) {
      each[i] = ofResponse.applyAsDouble(i);
    }
    return Arrays.stream(responseOf).mapToDouble(i -> each[i]).toArray();
  }

  static int[] where(int[] of, IntPredicate kept) {
    return Arrays.stream(of).filter(kept).toArray();
  }

  static double sum(int[] of, IntToDoubleFunction x) {
    return Arrays.stream(of).mapToDouble(x).sum();
  }

  static double mean(int[] of, IntToDoubleFunction x) {
    return of.length == 0 ? 0 : sum(of, x) / of.length;
  }

  /** Σ (x − mean)² / (n − ddof), 0 of too few and of equal numbers. */
  static double variance(int[] of, IntToDoubleFunction x, int ddof) {
    if (of.length <= ddof
        || Arrays.stream(of).allMatch(i -> x.applyAsDouble(i) == x.applyAsDouble(of[0]))) {
      return 0;
    }
    double mean = mean(of, x);
    return sum(of, i -> (x.applyAsDouble(i) - mean) * (x.applyAsDouble(i) - mean))
        / (of.length - ddof);
  }

  /** A quantile by linear interpolation. */
  static double quantile(int[] of, IntToDoubleFunction x, double share) {
    double[] sorted = Arrays.stream(of).mapToDouble(x).sorted().toArray();
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
