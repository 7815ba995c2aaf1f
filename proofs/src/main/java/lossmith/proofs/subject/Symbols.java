package lossmith.proofs.subject;

import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Rebuild;
import lossmith.dsl.bind.BoundLoss;

/** The terms of an objective by the symbols that its author gave them. */
public final class Symbols {
  private Symbols() {}

  /** The term with a symbol; a claim about a symbol that is not there is a mistake. */
  public static Node of(BoundLoss bound, String symbol) {
    return find(bound.value(), symbol)
        .getOrElseThrow(
            () ->
                Problem.of(
                        "claim",
                        "a claim about " + symbol,
                        "a loss in which a term has that symbol",
                        "term.as(\"" + symbol + "\") where the term is made")
                    .exception());
  }

  /** The term with a symbol, if there is one. */
  public static Option<Node> named(BoundLoss bound, String symbol) {
    return find(bound.value(), symbol);
  }

  /** Whether a term with a symbol is below a node. */
  static boolean isBelow(Node root, String symbol) {
    return find(root, symbol).isDefined();
  }

  /** The same at every token of the element that it belongs to. */
  public static Node perToken(BoundLoss bound, String symbol) {
    Node term = of(bound, symbol);
    return term.level() == Level.Name.TOKEN ? term : Nodes.broadcast(term, Level.Name.TOKEN);
  }

  private static Option<Node> find(Node root, String symbol) {
    return Graph.down(List.of(root), Node::children)
        .find(node -> node instanceof Node.Named named && named.symbol().equals(symbol));
  }

  /** The graph with another node in the place of one of its own. */
  public static Node replaced(Node root, Node old, Node other) {
    return new Fold<>(new Rebuild()).given(old, other).of(root);
  }
}
