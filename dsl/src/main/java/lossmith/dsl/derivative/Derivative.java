package lossmith.dsl.derivative;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.IdentityHashMap;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.simplify.Simplify;

/**
 * The gradient of a number of the batch, as terms: reverse mode over the node graph. What comes out
 * prints, simplifies, is proved and compiles like any other term.
 *
 * <p>Adjoints are guarded: where a branch was not taken, nothing is multiplied, so that 0 · ∞ never
 * occurs. Declared subgradients: min and max take the first argument at a tie, clip passes at its
 * bounds, |x|, sign, floor and sqrt have slope 0 at 0 (sign and floor everywhere), exp has slope 0
 * beyond its saturation.
 */
public final class Derivative {
  private Derivative() {}

  /**
   * {@return dvalue/dinput for every trained input that gradient reaches, at the input's level, by
   * the input's name}
   *
   * @param value a number of the batch
   */
  public static Map<String, Node> of(Node value) {
    if (value.level() != Level.Name.BATCH || value.condition()) {
      throw Problem.of(
              "level",
              "the derivative of a " + value.level() + " node",
              "a number of the batch",
              "a reduction first")
          .exception();
    }
    Simplify s = new Simplify();
    Node root = s.of(value);
    Seq<Node> order = liveChildrenFirst(root);
    Map<Node, String> symbols = symbols(order);
    IdentityHashMap<Node, Adjoint> adjoints = new IdentityHashMap<>();
    adjoints.put(root, Adjoint.of(s.constant(1, Level.Name.BATCH)));
    Map<String, Node> gradients = LinkedHashMap.empty();
    Detach detach = new Detach();
    for (Node node : order.reverse()) {
      Adjoint adjoint = adjoints.get(node);
      if (adjoint == null) {
        continue;
      }
      if (node instanceof Node.Input input) {
        gradients = gradients.put(input.name(), detach.of(adjoint.applied(s)));
      }
      Slopes slopes = new Slopes(s, adjoint, symbols);
      for (Tuple2<Node, Adjoint> flow : node.match(slopes)) {
        adjoints.merge(flow._1, flow._2, (a, b) -> a.plus(s, b));
      }
    }
    return gradients;
  }

  /** {@return a gradient as data: every input given, nothing stopped} */
  public static Node detached(Node gradient) {
    return new Detach().of(gradient);
  }

  private static Map<Node, String> symbols(Seq<Node> nodes) {
    Map<Node, String> symbols = HashMap.empty();
    for (Node node : nodes) {
      if (node instanceof Node.Named named
          && named.of() instanceof Node.Unary exp
          && exp.op() == UnaryOp.EXP) {
        symbols = symbols.put(exp, named.symbol());
      }
    }
    return symbols;
  }

  /** Live nodes in an order in which children stand before parents, the last child first. */
  private static Seq<Node> liveChildrenFirst(Node root) {
    return Graph.below(List.of(root), node -> node.children().filter(Node::live).reverse())
        .filter(Node::live);
  }

  /** A gradient is read for its value: its inputs are data, so log π − sg(log π) is 0. */
  private static final class Detach extends Simplify {
    @Override
    public Node input(Node.Input node) {
      return node.trained() ? Nodes.given(node.name(), node.level()) : node;
    }

    @Override
    public Node stopGradient(Node.StopGradient node, Node of) {
      return of;
    }
  }
}
