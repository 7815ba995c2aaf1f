package lossmith.dsl.derivative;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
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
    List<Node> order = liveChildrenFirst(root);
    Map<Node, String> symbols = symbols(order);
    IdentityHashMap<Node, Adjoint> adjoints = new IdentityHashMap<>();
    adjoints.put(root, Adjoint.of(s.constant(1, Level.Name.BATCH)));
    Map<String, Node> gradients = LinkedHashMap.empty();
    Detach detach = new Detach();
    for (int i = order.size() - 1; i >= 0; i--) {
      Node node = order.get(i);
      Adjoint adjoint = adjoints.get(node);
      if (adjoint == null) {
        continue;
      }
      if (node instanceof Node.Input input) {
        gradients = gradients.put(input.name(), detach.of(adjoint.applied(s)));
      }
      Slopes slopes = new Slopes(s, adjoint, symbols);
      for (Tuple2<Node, Adjoint> flow :
          node.apply(slopes, child -> io.vavr.collection.List.empty())) {
        adjoints.merge(flow._1, flow._2, (a, b) -> a.plus(s, b));
      }
    }
    return gradients;
  }

  /** {@return a gradient as data: every input given, nothing stopped} */
  public static Node detached(Node gradient) {
    return new Detach().of(gradient);
  }

  private static Map<Node, String> symbols(List<Node> nodes) {
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

  /** Live nodes in an order in which children stand before parents. */
  private static List<Node> liveChildrenFirst(Node root) {
    List<Node> order = new ArrayList<>();
    Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.peek();
      List<Node> waiting =
          node.children().filter(child -> child.live() && !done.contains(child)).toJavaList();
      if (done.contains(node) || waiting.isEmpty()) {
        open.pop();
        if (done.add(node) && node.live()) {
          order.add(node);
        }
      } else {
        waiting.forEach(open::push);
      }
    }
    return order;
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
