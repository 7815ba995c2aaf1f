package lossmith.dsl;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Walks over the nodes of an expression graph. */
public final class Graph {
  private Graph() {}

  /**
   * {@return every node of these graphs once, children before parents; what stands for an absent
   * column ({@link Node.Input#otherwise}) counts as a child}
   *
   * @param roots where to start
   */
  public static Seq<Node> below(Iterable<Node> roots) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> found = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>();
    for (Node root : roots) {
      open.push(root);
      while (!open.isEmpty()) {
        Node node = open.peek();
        boolean ready = true;
        for (Node child : children(node).reverse()) {
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
   * {@return every node of the parts of a loss once, children before parents}
   *
   * @param loss the loss, whose metrics are left out
   */
  public static Seq<Node> below(Loss loss) {
    return below(loss.parts().values().map(Term::node));
  }

  /**
   * {@return the parameters of these graphs, each once, in the order they are met}
   *
   * @param roots where to start
   */
  public static Seq<Node.Setting> parameters(Iterable<Node> roots) {
    return below(roots)
        .filter(Node.Setting.class::isInstance)
        .map(Node.Setting.class::cast)
        .distinct();
  }

  private static Seq<Node> children(Node node) {
    return node instanceof Node.Input input ? input.otherwise().toList() : node.children();
  }
}
