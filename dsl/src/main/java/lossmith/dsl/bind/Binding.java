package lossmith.dsl.bind;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.derivative.Derivative;

/**
 * The rewriting behind {@link BoundLoss}: at the surface of statistics every node that goes from
 * the vocabulary to the token becomes a column of its own; inputs that are absent and have a
 * default become it.
 */
final class Binding extends Rebuild {
  private final Surface surface;
  private final Set<String> columns;
  private final StatisticNames names;
  private final HashConsing sharing = new HashConsing();
  private Map<String, Node> bodies = LinkedHashMap.empty();
  private Map<String, Node> fallbacks = LinkedHashMap.empty();

  Binding(Surface surface, Set<String> columns) {
    this(surface, columns, new StatisticNames());
  }

  Binding(Surface surface, Set<String> columns, StatisticNames names) {
    this.surface = surface;
    this.columns = columns;
    this.names = names;
  }

  @CanIgnoreReturnValue
  Node bind(Node node) {
    return new Fold<>(this, sharing::intern).of(sharing.of(node));
  }

  /** What was cut so far: by the column's name, the node from the vocabulary to the token. */
  Map<String, Node> bodies() {
    return bodies;
  }

  /**
   * The gradients at inputs that are trained beside the policy and enter a statistic of it, such as
   * a temperature inside Σ_v e^(q/η): dL/dη goes through that column too, so that it is taken
   * before the loss is cut and then cut itself, and its own sums over the vocabulary are statistics
   * as well.
   *
   * @param loss the loss whose parts were bound
   */
  Map<String, Node> besideThePolicy(Loss loss) {
    Set<String> names =
        Graph.below(bodies.values().filter(Node::live))
            .filter(node -> node instanceof Node.Input && node.live())
            .map(node -> ((Node.Input) node).name())
            .filter(name -> !name.equals(Columns.LOG_PI) && !bodies.containsKey(name))
            .toSet();
    if (names.isEmpty()) {
      return LinkedHashMap.empty();
    }
    Binding whole = new Binding(Surface.LOGITS, columns);
    Node value =
        loss.parts()
            .values()
            .map(part -> whole.bind(part.node()))
            .reduce((a, b) -> Nodes.binary(BinaryOp.PLUS, a, b));
    return Derivative.of(value)
        .filterKeys(names::contains)
        .mapValues(gradient -> Derivative.detached(bind(gradient)));
  }

  /** What stood in so far: by the name of a column that is absent, the term in its place. */
  Map<String, Node> fallbacks() {
    return fallbacks;
  }

  @Override
  public Node input(Node.Input node) {
    if (columns.contains(node.name()) || node.otherwise().isEmpty()) {
      return node;
    }
    fallbacks = fallbacks.put(node.name(), node.otherwise().get());
    return bind(node.otherwise().get());
  }

  @Override
  public Node gather(Node.Gather node, Node of) {
    return cut(super.gather(node, of));
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    boolean far = of.level() == Level.Name.VOCABULARY && node.to() != Level.Name.TOKEN;
    if (far && node.op() == ReduceOp.SUM && surface == Surface.STATISTICS) {
      Node ofToken = cut(Nodes.reduce(ReduceOp.SUM, of, Level.Name.TOKEN, 0, where));
      return Nodes.reduce(ReduceOp.SUM, ofToken, node.to(), 0, Option.none());
    }
    Node reduced = super.reduce(node, of, where);
    return of.level() == Level.Name.VOCABULARY ? cut(reduced) : reduced;
  }

  @Override
  public Node count(Node.Count node, Option<Node> where) {
    Node count = super.count(node, where);
    return node.from() == Level.Name.VOCABULARY ? cut(count) : count;
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node fraction, Option<Node> where) {
    Node quantile = super.quantile(node, of, fraction, where);
    return of.level() == Level.Name.VOCABULARY ? cut(quantile) : quantile;
  }

  private Node cut(Node node) {
    if (surface != Surface.STATISTICS || node.level() != Level.Name.TOKEN) {
      return node;
    }
    Node bare = node.live() ? node : sharing.of(new Fold<>(new Unstopped()).of(node));
    String name = names.of(bare);
    bodies = bodies.put(name, bare);
    Node column =
        bare.live() ? Nodes.trained(name, Level.Name.TOKEN) : Nodes.given(name, Level.Name.TOKEN);
    return node.live() == column.live() ? column : Nodes.stopGradient(column);
  }

  /**
   * Every stopped gradient let through: the value of a detached statistic does not depend on what
   * it stops, so that it shares the column of the live one. What must be detached stays so: what is
   * ranked, and the key of an order or of a sum.
   */
  private static final class Unstopped extends Rebuild {
    /** In a gradient log π is data. */
    @Override
    public Node input(Node.Input node) {
      boolean policy = node.name().equals(Columns.LOG_PI) && node.level() == Level.Name.VOCABULARY;
      return policy ? Nodes.trained(node.name(), node.level()) : node;
    }

    @Override
    public Node stopGradient(Node.StopGradient node, Node of) {
      return of;
    }

    @Override
    public Node rank(Node.Rank node, Node of, Option<Node> where) {
      return super.rank(node, held(of), where);
    }

    @Override
    public Node sumByKey(Node.SumByKey node, Node of, Node key) {
      return super.sumByKey(node, of, held(key));
    }

    @Override
    public Node permute(Node.Permute node, Node of, Node key) {
      return super.permute(node, of, held(key));
    }

    @Override
    public Node quantile(Node.Quantile node, Node of, Node fraction, Option<Node> where) {
      return super.quantile(node, held(of), held(fraction), where);
    }

    private static Node held(Node node) {
      return node.live() ? Nodes.stopGradient(node) : node;
    }
  }
}
