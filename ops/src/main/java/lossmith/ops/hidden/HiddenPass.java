package lossmith.ops.hidden;

import io.vavr.Lazy;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.EntryGradient;
import lossmith.ops.memory.Policy;
import lossmith.ops.rows.Pass;
import org.tensorflow.DeviceSpec;

/**
 * A pass over hidden states, chunk by chunk. The rows that do not fill a chunk take the smallest of
 * a few sizes that holds them; a size is compiled when rows first need it.
 */
public final class HiddenPass implements Pass {
  private final Map<String, Node> statistics;
  private final HiddenChunks largest;
  private final Map<Integer, Lazy<HiddenChunks>> smaller;

  /**
   * A pass.
   *
   * @param shape how it is cut
   * @param statistics what comes out per row, by name
   * @param gradient dL/dlogits, where this pass writes gradients
   * @param device where it runs
   */
  public HiddenPass(
      HiddenShape shape, Map<String, Node> statistics, Option<Node> gradient, DeviceSpec device) {
    this.statistics = statistics;
    Option<EntryGradient> entries = gradient.map(EntryGradient::of);
    // An entry that needs more of the row than numbers has the whole row for a block.
    HiddenShape cut = entries.exists(EntryGradient::whole) ? shape.inOneBlock() : shape;
    this.largest = new HiddenChunks(cut, statistics, entries, device);
    this.smaller =
        cut.smaller()
            .toSortedMap(
                HiddenShape::rows,
                less -> Lazy.of(() -> new HiddenChunks(less, statistics, entries, device)));
  }

  @Override
  public Map<String, double[]> run(
      Policy policy, int[] sampled, Map<String, double[]> columns, Map<String, Double> parameters) {
    Map<String, double[]> results = statistics.mapValues(node -> new double[sampled.length]);
    Policy.Hidden hidden = (Policy.Hidden) policy;
    HiddenBuffers.Given given = new HiddenBuffers.Given(sampled, columns, parameters);
    int rest = sampled.length % largest.rows();
    int full = sampled.length - rest;
    if (full > 0) {
      largest.run(0, full, hidden, given, results);
    }
    if (rest > 0) {
      fitting(rest).run(full, sampled.length, hidden, given, results);
    }
    return results;
  }

  /** The smallest chunk that holds so many rows. */
  private HiddenChunks fitting(int rows) {
    return smaller.find(size -> size._1 >= rows).map(size -> size._2.get()).getOrElse(largest);
  }

  @Override
  public void close() {
    largest.close();
    smaller.values().filter(Lazy::isEvaluated).forEach(size -> size.get().close());
  }
}
