package lossmith.dsl.sweep;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Dependence;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;

/**
 * A term of the vocabulary in two steps: numbers that need the whole row, and then every entry by
 * itself, from its own logit and those numbers. So a gradient can be written for a part of the
 * vocabulary at a time.
 *
 * @param numbers by name, what is one number per token
 * @param entries the term over log π, grids, and columns of those names
 */
public record EntryGradient(Map<String, Node> numbers, Node entries) {
  /** What stands before the place of a number in its name. */
  public static final String NUMBER = "row_";

  /** {@return the two steps of a term of the vocabulary} */
  public static EntryGradient of(Node root) {
    Node shared = new HashConsing().of(RowFactors.of(root));
    Fold<Node> fold = new Fold<>(new Rebuild());
    Map<Node, String> names = LinkedHashMap.empty();
    for (Node.Broadcast spread : spreads(shared)) {
      Node token = Nodes.broadcast(spread.of(), Level.Name.TOKEN);
      Node number = token.condition() ? number(token) : token;
      boolean known = number instanceof Node.Input;
      if (!known && !names.containsKey(number)) {
        names = names.put(number, NUMBER + names.size());
      }
      Node column = known ? number : Nodes.given(names.get(number).get(), Level.Name.TOKEN);
      Node back = token.condition() ? Nodes.compare(CompareOp.BELOW, zero(), column) : column;
      fold = fold.given(spread, Nodes.broadcast(back, Level.Name.VOCABULARY));
    }
    return new EntryGradient(
        names.toLinkedMap(named -> Tuple.of(named._2, named._1)), fold.of(shared));
  }

  /** {@return whether an entry needs more of the row than numbers: a rank, an order, a key} */
  public boolean whole() {
    return reachable(entries).exists(node -> Dependence.of(node) == Dependence.AROUND);
  }

  private static Node zero() {
    return Nodes.constant(0, Level.Name.TOKEN);
  }

  private static Node number(Node condition) {
    return Nodes.select(condition, Nodes.constant(1, Level.Name.TOKEN), zero());
  }

  /** The first nodes from the root down that are one number for the whole row. */
  private static Seq<Node.Broadcast> spreads(Node root) {
    return Graph.only(Node.Broadcast.class, reachable(root));
  }

  private static Seq<Node> ofRow(Node node) {
    return node instanceof Node.Broadcast
        ? List.empty()
        : node.children().filter(EntryGradient::ofEntries).reverse();
  }

  private static boolean ofEntries(Node node) {
    return node.level() == Level.Name.VOCABULARY;
  }

  /** All nodes of the vocabulary from the root down, none behind a spread number. */
  static Seq<Node> reachable(Node root) {
    return Graph.down(List.of(root), EntryGradient::ofRow)
        .filter(EntryGradient::ofEntries)
        .reverse();
  }
}
