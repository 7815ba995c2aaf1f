package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import lossmith.dsl.Node;

/** A node and all nodes below it, each once. */
final class Nested {
  private Nested() {}

  static Seq<Node> of(Node root) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    java.util.List<Node> all = new java.util.ArrayList<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (seen.add(node)) {
        all.add(node);
        node.children().reverse().forEach(open::push);
      }
    }
    return List.ofAll(all);
  }
}
