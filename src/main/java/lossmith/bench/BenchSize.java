package lossmith.bench;

/**
 * The sizes and the device of a measurement.
 *
 * @param rows how many tokens
 * @param vocabulary how many entries
 * @param width how many hidden units
 * @param runs how many runs a median is of
 * @param device {@code CPU} or {@code GPU:0}
 */
public record BenchSize(int rows, int vocabulary, int width, int runs, String device) {
  /** The same of other rows. */
  BenchSize ofRows(int other) {
    return new BenchSize(Math.max(2, other), vocabulary, width, runs, device);
  }

  /** The same of another vocabulary. */
  BenchSize ofVocabulary(int other) {
    return new BenchSize(rows, Math.max(2, other), width, runs, device);
  }

  /** The same of another width. */
  BenchSize ofWidth(int other) {
    return new BenchSize(rows, vocabulary, Math.max(1, other), runs, device);
  }
}
