package lossmith.dsl.bind;

import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;

/**
 * A loss cut at the statistics of the policy: what goes from the vocabulary to the token, and what
 * is left.
 *
 * @param statistics by the column's name, the node it stands for, over log π, other grids and the
 *     columns that come before it
 * @param rest the loss at the surface of statistics, over those columns
 */
public record Cut(Map<String, Node> statistics, Bound rest) {
  /** How the column of a statistic begins that has no name of its own. */
  public static final String UNNAMED = "statistic_";

  /**
   * {@return a loss cut at its statistics}
   *
   * @param loss the loss
   * @param columns the names of the columns and grids of the samples, those of the policy's
   *     statistics not needed
   */
  public static Cut of(Loss loss, Set<String> columns) {
    Binding binding = new Binding(Surface.STATISTICS, columns);
    loss.parts().values().forEach(part -> binding.bind(part.node()));
    loss.metrics().values().forEach(metric -> binding.bind(metric.node()));
    Map<String, Node> unused = binding.besideThePolicy(loss);
    Map<String, Node> statistics = binding.bodies();
    return new Cut(
        statistics, Bound.of(loss, Surface.STATISTICS, columns.addAll(statistics.keySet())));
  }
}
