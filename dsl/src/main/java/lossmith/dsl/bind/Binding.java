package lossmith.dsl.bind;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.function.UnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;

/**
 * The steps from a loss to a {@link BoundLoss}: absent columns filled in; responses without a
 * reward left aside; where statistics are fed, cut at the vocabulary; checked; differentiated.
 */
final class Binding {
  private final Surface surface;
  private final Set<String> columns;
  private final HashConsing sharing = new HashConsing();
  private final AbsentColumns absent;
  private final UnscoredResponses unscored = new UnscoredResponses();
  private final VocabularyCut cut = new VocabularyCut(new StatisticNames(), sharing);

  Binding(Surface surface, Set<String> columns) {
    this.surface = surface;
    this.columns = columns;
    this.absent = new AbsentColumns(columns, sharing);
  }

  /** A node with its absent columns filled in, and responses without a reward left aside. */
  Node filled(Node node) {
    Node filled = absent.filled(node);
    return columns.contains(Columns.REWARD_KNOWN) ? sharing.of(unscored.of(filled)) : filled;
  }

  /** A node at the surface. */
  Node bound(Node node) {
    return surface == Surface.STATISTICS ? cut.of(filled(node)) : filled(node);
  }

  /** The statistics of the nodes that were bound so far, by their columns. */
  Map<String, Node> statistics() {
    return cut.statistics();
  }

  /** A loss of which all is there. */
  BoundLoss bound(Loss loss) {
    return bound(loss, there -> there);
  }

  /** A loss whose statistics will be found and need not be there. */
  BoundLoss withoutStatistics(Loss loss) {
    return bound(loss, there -> there.addAll(statistics().keySet()));
  }

  private BoundLoss bound(Loss loss, UnaryOperator<Set<String>> there) {
    Map<String, Node> parts = loss.parts().mapValues(part -> bound(part.node()));
    Map<String, Node> metrics = loss.metrics().mapValues(metric -> bound(metric.node()));
    Set<String> known = there.apply(columns);
    Problem.throwAll(
        BindingProblems.missing(parts.values().appendAll(metrics.values()), surface, known)
            .appendAll(BindingProblems.temperatures(loss)));
    return new BoundLoss(
        surface,
        parts,
        metrics,
        Gradients.of(sum(parts.values()), surface).mapValues(sharing::of),
        absent.fallbacks().removeAll(known));
  }

  static Node sum(Iterable<Node> parts) {
    return List.ofAll(parts).reduce((a, b) -> Nodes.binary(BinaryOp.PLUS, a, b));
  }
}
