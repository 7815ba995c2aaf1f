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
 * @param rest the loss at the surface of statistics, over those columns: its gradients are with
 *     respect to what is fed there, each column held
 * @param beside the whole gradients of inputs that are trained beside the policy and enter a
 *     statistic of it, such as a temperature inside Σ_v e^(q/η), over those columns
 */
public record StatisticsSplit(
    Map<String, Node> statistics, BoundLoss rest, Map<String, Node> beside) {
  /** How the column of a statistic begins that has no name of its own. */
  public static final String UNNAMED = "statistic_";

  /**
   * {@return a loss cut at its statistics}
   *
   * @param loss the loss
   * @param columns the names of the columns and grids of the samples, those of the policy's
   *     statistics not needed
   */
  public static StatisticsSplit of(Loss loss, Set<String> columns) {
    Binding binding = new Binding(Surface.STATISTICS, columns);
    loss.parts().values().forEach(part -> binding.bind(part.node()));
    loss.metrics().values().forEach(metric -> binding.bind(metric.node()));
    Map<String, Node> beside = binding.besideThePolicy(loss);
    Map<String, Node> statistics = binding.bodies();
    BoundLoss rest = BoundLoss.of(loss, Surface.STATISTICS, columns.addAll(statistics.keySet()));
    return new StatisticsSplit(statistics, rest, beside);
  }

  /** {@return the loss where its statistics are not fed but found: every gradient is whole} */
  public BoundLoss found() {
    Map<String, Node> gradients =
        beside.foldLeft(rest.gradients(), (all, one) -> all.put(one._1, one._2));
    return new BoundLoss(rest.surface(), rest.parts(), rest.metrics(), gradients, rest.fallbacks());
  }
}
