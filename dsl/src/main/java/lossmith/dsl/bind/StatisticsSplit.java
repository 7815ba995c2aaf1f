package lossmith.dsl.bind;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.derivative.Derivative;

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
    BoundLoss rest = binding.withoutStatistics(loss);
    Map<String, Node> beside = beside(loss, binding);
    return new StatisticsSplit(binding.statistics(), rest, beside);
  }

  /**
   * dL/dη of an η inside a statistic goes through that column too, so that it is taken before the
   * loss is cut and then cut itself: its own sums over the vocabulary are statistics as well.
   */
  private static Map<String, Node> beside(Loss loss, Binding binding) {
    Map<String, Node> statistics = binding.statistics();
    Set<String> names =
        Graph.only(Node.Input.class, Graph.below(statistics.values().filter(Node::live)))
            .filter(Node::live)
            .map(Node.Input::name)
            .filter(name -> !name.equals(Columns.LOG_PI) && !statistics.containsKey(name))
            .toSet();
    return names.isEmpty()
        ? LinkedHashMap.empty()
        : Derivative.of(Binding.sum(loss.parts().values().map(part -> binding.filled(part.node()))))
            .filterKeys(names::contains)
            .mapValues(gradient -> Derivative.detached(binding.bound(gradient)));
  }

  /** {@return the loss where its statistics are not fed but found: every gradient is whole} */
  public BoundLoss found() {
    Map<String, Node> gradients =
        beside.foldLeft(rest.gradients(), (all, one) -> all.put(one._1, one._2));
    return new BoundLoss(rest.surface(), rest.parts(), rest.metrics(), gradients, rest.fallbacks());
  }
}
