package lossmith.proofs.subject;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.UnaryOp;

/**
 * Rewrites an objective so that the clamp inside saturating exponentials ({@link
 * UnaryOp#saturates()}) is explicit: e^x becomes e^c with c = clip(x, −S, S). Where a multiple k·x
 * stands in the same sum, as in k3 = e^x − x − 1, it becomes k·c; otherwise only the gradient of
 * k·x would be left beyond ±S, which for k3 points away from the reference.
 *
 * <p>Summands are found behind signs, constant factors and names, but not behind a parameter used
 * as a factor, a reduction or a condition.
 */
public final class SaturatedSums extends Rebuild {
  private final double saturation;

  public SaturatedSums(double saturation) {
    this.saturation = saturation;
  }

  private Node clipped(Node x) {
    Node low = Nodes.constant(-saturation, x.level());
    Node high = Nodes.constant(saturation, x.level());
    return Nodes.clip(x, low, high);
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    return node.op().saturates() ? Nodes.unary(node.op(), clipped(of)) : super.unary(node, of);
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    Node whole = super.binary(node, left, right);
    boolean sum = node.op() == BinaryOp.PLUS || node.op() == BinaryOp.MINUS;
    // log π of a vocabulary entry may be −∞, and x + (clip(x) − x) is NaN there
    return !sum || node.level() == Level.Name.VOCABULARY
        ? whole
        : exponents(whole).foldLeft(whole, this::clamped);
  }

  /** Adds k·(clip(x) − x) to a sum that contains k·x, so that k·x becomes k·clip(x). */
  private Node clamped(Node sum, Node x) {
    return multiple(linear(sum), linear(x))
        .map(
            k -> {
              Node less = Nodes.binary(BinaryOp.MINUS, clipped(x), x);
              Node factor = Nodes.constant(k, x.level());
              Node change = Nodes.binary(BinaryOp.TIMES, factor, less);
              return Nodes.binary(BinaryOp.PLUS, sum, change);
            })
        .getOrElse(sum);
  }

  /** The k ≠ 0 such that {@code all} contains k times {@code of}, if there is one. */
  private static Option<Double> multiple(Map<Node, Double> all, Map<Node, Double> of) {
    Seq<Option<Double>> factors =
        of.toList().map(part -> all.get(part._1).map(weight -> weight / part._2)).distinct();
    return factors.size() == 1 ? factors.head().filter(k -> k != 0) : Option.none();
  }

  /** The x of each summand e^clip(x). */
  private static Seq<Node> exponents(Node sum) {
    return linear(sum)
        .keySet()
        .toList()
        .flatMap(
            part ->
                part instanceof Node.Unary exp
                        && exp.op().saturates()
                        && exp.of() instanceof Node.Clip clip
                    ? Option.some(clip.of())
                    : Option.none())
        .distinct();
  }

  /** The summands of a sum, each with its factor; those that cancel are left out. */
  private static Map<Node, Double> linear(Node node) {
    Map<Node, Double> parts = LinkedHashMap.empty();
    for (var part : parts(node, 1)) {
      parts = parts.put(part._1, part._2, Double::sum);
    }
    return parts.filterValues(weight -> weight != 0);
  }

  private static List<Tuple2<Node, Double>> parts(Node node, double weight) {
    if (node instanceof Node.Named named) {
      return parts(named.of(), weight);
    } else if (node instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE) {
      return parts(minus.of(), -weight);
    } else if (node instanceof Node.Binary both) {
      if (both.op() == BinaryOp.PLUS) {
        return parts(both.left(), weight).appendAll(parts(both.right(), weight));
      } else if (both.op() == BinaryOp.MINUS) {
        return parts(both.left(), weight).appendAll(parts(both.right(), -weight));
      } else if (both.op() == BinaryOp.TIMES && both.left() instanceof Node.Constant factor) {
        return parts(both.right(), weight * factor.value());
      } else if (both.op() == BinaryOp.TIMES && both.right() instanceof Node.Constant factor) {
        return parts(both.left(), weight * factor.value());
      }
    }
    return node instanceof Node.Constant ? List.empty() : List.of(Tuple.of(node, weight));
  }
}
