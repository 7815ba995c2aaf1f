package lossmith.dsl.sweep;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.simplify.Simplify;

/**
 * The rewriting of a node to one that can be computed from one row of the logits: statistics of the
 * row are written out, and whatever reaches further is carried in as a number per token.
 */
final class RowRewriting {
  private final Fold<Reach> reach;
  private Map<String, Node> written = LinkedHashMap.empty();
  private Map<Node, String> carried = LinkedHashMap.empty();

  /** Columns of these names are statistics of the policy. */
  RowRewriting(io.vavr.collection.Set<String> statistics) {
    this.reach = Reaching.fold(statistics);
  }

  /** From now on replaces the column of a statistic by its definition over the row. */
  public void write(String name, Node row) {
    written = written.put(name, row);
  }

  /** How far a node reads. */
  Reach reach(Node node) {
    return reach.of(node);
  }

  /** The numbers carried into the row so far: by name, a number per token over columns. */
  Map<String, Node> carried() {
    return carried.toLinkedMap(c -> Tuple.of(c._2, c._1));
  }

  /**
   * The row's meaning of a node of a token or a vocabulary entry. Carried numbers enter as data,
   * without gradient; the caller decides whether that is right.
   */
  Node of(Node root) {
    Fold<Node> fold = new Fold<>(new Rebuild());
    for (Node node : frontier(root)) {
      fold = fold.given(node, leaf(node));
    }
    return new Simplify().of(fold.of(root));
  }

  /** What a node of a row reads from beyond the row. */
  Seq<Node> wide(Node root) {
    return frontier(root).filter(node -> !isWritten(node) && reach.of(node) == Reach.BATCH);
  }

  /** The first nodes from the root down that stand for themselves. */
  private Seq<Node> frontier(Node root) {
    return Graph.first(root, node -> isWritten(node) || isCarried(node));
  }

  private boolean isWritten(Node node) {
    return node instanceof Node.Input input && written.containsKey(input.name());
  }

  private boolean isCarried(Node node) {
    if (node.level() == Level.Name.VOCABULARY) {
      return node instanceof Node.Broadcast b && b.of().level() != Level.Name.TOKEN;
    }
    boolean fixed = node instanceof Node.Constant || node instanceof Node.Truth;
    boolean reads = node.children().exists(child -> child.level() == Level.Name.VOCABULARY);
    return !fixed && !reads && reach.of(node) != Reach.ROW;
  }

  private Node leaf(Node node) {
    return node instanceof Node.Input input
        ? written.get(input.name()).getOrElse(() -> carry(node))
        : carry(node);
  }

  private Node carry(Node node) {
    if (node.level() == Level.Name.VOCABULARY && node instanceof Node.Broadcast b) {
      return Nodes.broadcast(carry(b.of()), Level.Name.VOCABULARY);
    }
    boolean column = node instanceof Node.Input && node.level() == Level.Name.TOKEN;
    if (column) {
      return node;
    }
    Node token = Nodes.broadcast(node, Level.Name.TOKEN);
    if (!node.condition()) {
      return Nodes.given(name(token), Level.Name.TOKEN);
    }
    Node zero = Nodes.constant(0, Level.Name.TOKEN);
    Node number = Nodes.select(token, Nodes.constant(1, Level.Name.TOKEN), zero);
    return Nodes.compare(CompareOp.BELOW, zero, Nodes.given(name(number), Level.Name.TOKEN));
  }

  private String name(Node token) {
    if (!carried.containsKey(token)) {
      carried = carried.put(token, "carried_" + carried.size());
    }
    return carried.get(token).get();
  }
}
