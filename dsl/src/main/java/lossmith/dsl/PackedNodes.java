package lossmith.dsl;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * Nodes by name that can be sent to another process. They are written children first, so that a
 * graph of any depth is written and read in little stack; what they share is written once, and is
 * shared where they arrive. There they are made anew: what {@code equals} looks at is of the process
 * that has them.
 */
public final class PackedNodes implements Serializable {
  private static final long serialVersionUID = 1L;

  private transient Map<String, Node> nodes;

  /**
   * Nodes to be sent.
   *
   * @param nodes by name
   */
  public PackedNodes(Map<String, Node> nodes) {
    this.nodes = nodes;
  }

  /** {@return the nodes, by name} */
  public Map<String, Node> nodes() {
    return nodes;
  }

  private void writeObject(ObjectOutputStream to) throws IOException {
    to.writeObject(Graph.below(nodes.values()).toJavaArray(Node[]::new));
    to.writeObject(nodes.keySet().toJavaArray(String[]::new));
    to.writeObject(nodes.values().toJavaArray(Node[]::new));
  }

  private void readObject(ObjectInputStream from) throws IOException, ClassNotFoundException {
    Object unused = from.readObject();
    String[] names = (String[]) from.readObject();
    Node[] roots = (Node[]) from.readObject();
    Fold<Node> fold = new Fold<>(new Anew());
    Map<String, Node> made = LinkedHashMap.empty();
    for (int i = 0; i < names.length; i++) {
      made = made.put(names[i], fold.of(roots[i]));
    }
    nodes = made;
  }

  /** Makes the leaves, and so everything above them. */
  private static final class Anew extends Rebuild {
    @Override
    public Node input(Node.Input node) {
      return node.trained()
          ? Nodes.trained(node.name(), node.level())
          : node.otherwise()
              .map(other -> Nodes.given(node.name(), node.level(), new Fold<>(this).of(other)))
              .getOrElse(() -> Nodes.given(node.name(), node.level()));
    }

    @Override
    public Node sampled(Node.Sampled node) {
      return Nodes.sampled();
    }

    @Override
    public Node constant(Node.Constant node) {
      return Nodes.constant(node.value(), node.level());
    }

    @Override
    public Node truth(Node.Truth node) {
      return Nodes.truth(node.value(), node.level());
    }

    @Override
    public Node parameter(Node.ParameterValue node) {
      return Nodes.parameter(node.name(), node.range());
    }

    @Override
    public Node count(Node.Count node, Option<Node> where) {
      return Nodes.count(node.from(), node.to(), where);
    }
  }
}
