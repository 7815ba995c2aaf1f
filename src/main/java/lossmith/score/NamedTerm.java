package lossmith.score;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.function.Predicate;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;

/**
 * A term of an objective by the symbol that its author gave it, {@code term.as("A")}, spread over
 * the tokens. Where several terms have the symbol it is the one that contains all others.
 *
 * @param node the term, a number per token
 * @param inner how many terms of the same symbol it contains
 */
record NamedTerm(Node node, int inner) {
  /**
   * {@return the advantage: the term named A; why there is none otherwise}
   *
   * @param value the objective, in which equal nodes are one object
   */
  static Either<String, NamedTerm> advantage(Node value) {
    return of(value, "A", named -> named.symbol().equals("A"));
  }

  /**
   * {@return the importance ratio: the term named r, or s where it carries gradient (the ratio of a
   * response; a detached s is another thing, such as the sign of a pair); why there is none
   * otherwise}
   *
   * @param value the objective, in which equal nodes are one object
   */
  static Either<String, NamedTerm> ratio(Node value) {
    return of(
        value,
        "r",
        named -> named.symbol().equals("r") || (named.symbol().equals("s") && named.live()));
  }

  private static Either<String, NamedTerm> of(
      Node value, String symbol, Predicate<Node.Named> wanted) {
    Seq<Node> all =
        Graph.below(List.of(value))
            .filter(Node.Named.class::isInstance)
            .map(Node.Named.class::cast)
            .filter(named -> !named.condition() && wanted.test(named))
            .map(named -> (Node) named);
    if (all.isEmpty()) {
      return Either.left("no term of this objective is named " + symbol);
    }
    Seq<Node> parts = all.flatMap(node -> Graph.below(List.of(node)).filter(part -> part != node));
    Seq<Node> outermost = all.filter(node -> !parts.exists(part -> part == node));
    if (outermost.size() > 1) {
      return Either.left(
          outermost.size()
              + " terms of this objective are named "
              + symbol
              + ", and none of them contains the others");
    }
    Node node = outermost.head();
    return node.level().finerThan(Level.Name.TOKEN)
        ? Either.left("the term named " + symbol + " has a number for each vocabulary entry")
        : Either.right(new NamedTerm(Nodes.broadcast(node, Level.Name.TOKEN), all.size() - 1));
  }
}
