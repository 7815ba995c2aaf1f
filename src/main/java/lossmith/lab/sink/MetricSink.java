package lossmith.lab.sink;

import io.vavr.collection.Map;
import java.io.IOException;

/** Where the numbers of a run go, a row for each step, in the order of the steps. */
public interface MetricSink extends AutoCloseable {
  /**
   * Takes the numbers of a step.
   *
   * @param step counted from 1; 0 is the start policy
   * @param numbers by name; a step may have others than the one before
   */
  void row(long step, Map<String, Double> numbers) throws IOException;

  /** Ends what is written: all of it can be read then. */
  @Override
  void close() throws IOException;
}
