package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;

/**
 * An objective as numbered lines, each shared part once, its level at the end. The line of an
 * optional column names the term that replaces it where the samples lack it; a column that is read
 * without such a term elsewhere is not optional.
 */
public final class Listing {
  private final LineNumbers lines = new LineNumbers();
  private final HashConsing sharing = new HashConsing();
  private final Fold<String> fold = new Fold<>(lines);
  private final Fold<Node> needed;

  private Listing(Seq<Node> roots) {
    Set<String> names =
        inputs(roots).filter(input -> input.otherwise().isEmpty()).map(Node.Input::name).toSet();
    this.needed = new Fold<>(new WithoutDefaults(names));
  }

  /**
   * {@return the lines of a node and all nodes below it}
   *
   * @param node any node
   */
  public static String of(Node node) {
    Listing listing = new Listing(List.of(node));
    String root = listing.add(node);
    Seq<String> all = listing.lines.all();
    return (all.isEmpty() ? List.of(root) : all).mkString("", "\n", "\n");
  }

  /**
   * {@return the lines of a loss: its nodes, then its parts, its metrics and what it trains}
   *
   * @param loss any loss
   */
  public static String of(Loss loss) {
    Listing listing =
        new Listing(
            loss.parts().values().appendAll(loss.metrics().values()).map(Term::node).toList());
    Seq<String> parts =
        loss.parts().toList().map(p -> "part " + p._1 + " = " + listing.add(p._2.node()));
    Seq<String> metrics =
        loss.metrics().toList().map(m -> "metric " + m._1 + " = " + listing.add(m._2.node()));
    String trains = "trains " + loss.trains().toList().sorted().mkString(", ");
    return listing
        .lines
        .all()
        .appendAll(parts)
        .appendAll(metrics)
        .append(trains)
        .mkString("", "\n", "\n");
  }

  private String add(Node node) {
    Node canonical = sharing.of(needed.of(node));
    defaults(canonical);
    return fold.of(canonical);
  }

  /** Lists what stands for absent columns first, so that their lines can refer to it. */
  private void defaults(Node root) {
    for (Node.Input input : inputs(List.of(root))) {
      input.otherwise().forEach(other -> lines.standIn(input, add(other)));
    }
  }

  private static Seq<Node.Input> inputs(Seq<Node> roots) {
    return Graph.only(Node.Input.class, Graph.below(roots, Node::children));
  }

  /** Takes the defaults off columns that must be there. */
  private static final class WithoutDefaults extends Rebuild {
    private final Set<String> names;

    WithoutDefaults(Set<String> names) {
      this.names = names;
    }

    @Override
    public Node input(Node.Input node) {
      return node.otherwise().isDefined() && names.contains(node.name())
          ? Nodes.given(node.name(), node.level())
          : node;
    }
  }
}
