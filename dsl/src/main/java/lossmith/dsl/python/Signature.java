package lossmith.dsl.python;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;

/**
 * What an objective is a function of, where the statistics of tokens are given.
 *
 * @param split the objective over its statistics
 * @param columns what it reads: what is trained, what else must be there, what may be absent
 * @param fallbacks what stands for each column that may be absent
 * @param parameters its parameters
 */
public record Signature(
    StatisticsSplit split,
    Seq<Node.Input> columns,
    Map<String, Node> fallbacks,
    Seq<Node.ParameterValue> parameters) {

  /** {@return that of a loss} */
  public static Signature of(Loss loss) {
    Set<String> asked = Inputs.withDefaults(loss).columns().map(Node.Input::name).toSet();
    StatisticsSplit split = StatisticsSplit.of(loss, asked);
    BoundLoss rest = split.rest();
    Seq<Node> roots =
        List.ofAll(rest.parts().values())
            .appendAll(rest.metrics().values())
            .appendAll(rest.gradients().values());
    Set<String> known = asked.addAll(split.statistics().keySet());
    Map<String, Node> fallbacks = fallbacks(Inputs.of(roots), known, LinkedHashMap.empty());
    Inputs read = Inputs.of(roots.appendAll(fallbacks.values()));
    Seq<Node.Input> columns =
        read.columns()
            .sortBy(input -> input.trained() ? 0 : 1)
            .distinctBy(Node.Input::name)
            .sortBy(
                input ->
                    rest.gradients().containsKey(input.name())
                        ? 0
                        : fallbacks.containsKey(input.name()) ? 2 : 1);
    return new Signature(split, columns, fallbacks, read.parameters());
  }

  /** {@return those statistics that are found from the logits of the policy, by their columns} */
  public Map<String, Node> ofPolicy() {
    return split.statistics().filterValues(this::readsPolicy);
  }

  private boolean readsPolicy(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node), Node::children))
        .exists(
            input ->
                input.name().equals(Columns.LOG_PI)
                    || split.statistics().get(input.name()).exists(this::readsPolicy));
  }

  /** What stands for absent columns, those first that others read. */
  private static Map<String, Node> fallbacks(
      Inputs read, Set<String> known, Map<String, Node> found) {
    Map<String, Node> all = found;
    for (Node.Input input : read.columns().filter(column -> column.otherwise().isDefined())) {
      Node other = BoundLoss.node(input.otherwise().get(), Surface.STATISTICS, known);
      boolean itself = other instanceof Node.Input same && same.name().equals(input.name());
      if (!itself && !all.containsKey(input.name())) {
        all = fallbacks(Inputs.of(List.of(other)), known, all).put(input.name(), other);
      }
    }
    return all;
  }
}
