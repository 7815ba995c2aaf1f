package lossmith.ops.rows;

import io.vavr.collection.Map;
import lossmith.ops.memory.Policy;

/** One pass of compiled nodes over all rows of the logits, a few rows at a time. */
public interface Pass extends AutoCloseable {
  /**
   * Runs over all rows.
   *
   * @param sampled the sampled entry of each token
   * @param columns what the nodes read per token, by name
   * @param parameters what they read once, by name
   * @return the nodes of the token level by name; a gradient is written to the matrices that the
   *     policy names
   */
  Map<String, double[]> run(
      Policy policy, int[] sampled, Map<String, double[]> columns, Map<String, Double> parameters);

  @Override
  void close();
}
