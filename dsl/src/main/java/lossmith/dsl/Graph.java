package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The walks over the nodes of an expression graph: in time linear in the graph and at any depth.
 */
public final class Graph {
  private Graph() {}

  /**
   * {@return every node of these graphs once, children before parents; what stands for an absent
   * column ({@link Node.Input#otherwise}) counts as a child}
   *
   * @param roots where to start
   */
  public static Seq<Node> below(Iterable<Node> roots) {
    return below(
        roots,
        node -> node instanceof Node.Input input ? input.otherwise().toList() : node.children());
  }

  /**
   * {@return every node of the parts of a loss once, children before parents}
   *
   * @param loss the loss, whose metrics are left out
   */
  public static Seq<Node> below(Loss loss) {
    return below(loss.parts().values().map(Term::node));
  }

  /**
   * {@return every node that some steps lead to, once, after all that the steps lead to from it}
   *
   * @param roots where to start
   * @param steps where to go on from a node, the first first
   */
  public static Seq<Node> below(Iterable<Node> roots, Function<Node, Seq<Node>> steps) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    java.util.List<Node> found = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>();
    for (Node root : roots) {
      open.push(root);
      while (!open.isEmpty()) {
        Node node = open.peek();
        boolean ready = true;
        for (Node child : steps.apply(node).reverse()) {
          if (!seen.contains(child)) {
            open.push(child);
            ready = false;
          }
        }
        if (ready) {
          open.pop();
          if (seen.add(node)) {
            found.add(node);
          }
        }
      }
    }
    return Vector.ofAll(found);
  }

  /**
   * {@return the topmost nodes below a root that satisfy a predicate, each once}
   *
   * @param root where to start
   * @param stop the predicate; nodes below a match are not visited
   */
  public static Seq<Node> first(Node root, Predicate<Node> stop) {
    return down(List.of(root), node -> stop.test(node) ? List.empty() : node.children().reverse())
        .filter(stop)
        .reverse();
  }

  /**
   * {@return every node that some steps lead to, once, before what they lead to from it first}
   *
   * @param roots where to start
   * @param steps where to go on from a node, the first first
   */
  public static Seq<Node> down(Seq<Node> roots, Function<Node, Seq<Node>> steps) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    java.util.List<Node> found = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>(roots.asJava());
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (seen.add(node)) {
        found.add(node);
        steps.apply(node).reverse().forEach(open::push);
      }
    }
    return Vector.ofAll(found);
  }

  /**
   * {@return the nodes of one kind}
   *
   * @param nodes any nodes
   * @param kind the kind
   * @param <N> the kind
   */
  public static <N extends Node> Seq<N> only(Class<N> kind, Seq<Node> nodes) {
    return nodes.filter(kind::isInstance).map(kind::cast);
  }

  /**
   * {@return the parameters of these graphs, each once, in the order they are met}
   *
   * @param roots where to start
   */
  public static Seq<Node.ParameterValue> parameters(Iterable<Node> roots) {
    return only(Node.ParameterValue.class, below(roots)).distinct();
  }
}
