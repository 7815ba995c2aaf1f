package lossmith.dsl.schedule;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/** Which statistics a gradient reads, and which of them are read by which. */
final class Chains {
  private final Set<String> statistics;
  private final IdentityHashMap<Node, Boolean> policy = new IdentityHashMap<>();

  Chains(Set<String> statistics) {
    this.statistics = statistics;
  }

  /** All nodes below some roots, children first; whether they are of the policy is known then. */
  private Seq<Node> childrenFirst(Seq<Node> roots) {
    Seq<Node> order = Graph.below(roots.reverse(), node -> node.children().reverse());
    order.forEach(node -> policy.put(node, ofPolicy(node)));
    return order;
  }

  private boolean ofPolicy(Node node) {
    return node instanceof Node.Input input
        ? statistics.contains(input.name())
        : node.children().exists(this::isPolicy);
  }

  private boolean isPolicy(Node node) {
    return Boolean.TRUE.equals(policy.get(node));
  }

  /** The coarsest level below the batch within which the gradient takes the policy's statistics. */
  Level.Name unit(Seq<Node> gradients) {
    return childrenFirst(gradients)
        .filter(this::isPolicy)
        .flatMap(Span::of)
        .filter(level -> level != Level.Name.BATCH)
        .append(Level.Name.TOKEN)
        .maxBy(Level.Name::ordinal)
        .get();
  }

  /** What lies beyond a unit, by the longest chain that leads to it. */
  Seq<Schedule.Stage> stages(Seq<Node> gradients, Level.Name unit) {
    IdentityHashMap<Node, Integer> depth = new IdentityHashMap<>();
    Seq<Set<Node>> stages = List.empty();
    for (Node node : childrenFirst(gradients)) {
      int below = node.children().map(depth::get).max().getOrElse(0);
      Option<Level.Name> span = Span.of(node);
      boolean beyond = span.exists(unit::finerThan) && !counts(node);
      depth.put(node, beyond ? below + 1 : below);
      if (beyond) {
        while (stages.size() <= below) {
          stages = stages.append(LinkedHashSet.empty());
        }
        stages = stages.update(below, stages.get(below).add(node));
      }
    }
    return stages.map(nodes -> new Schedule.Stage(nodes.toList(), nodes.exists(this::isPolicy)));
  }

  /** How many there are is known with the batch. */
  private static boolean counts(Node node) {
    return node instanceof Node.Count count && count.where().isEmpty();
  }
}
