package lossmith.dsl.sweep;

import io.vavr.control.Option;
import java.util.IdentityHashMap;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.UnaryOp;

/**
 * Moves the factors of a vocabulary-level term that are one number per row inward, to where they
 * meet other such numbers: −(1[v = y] · a + π (b log π + c − d)) / T becomes 1[v = y] · a′ + π (b′
 * log π + c′), where a′ = −a/T, b′ = −b/T and c′ = −(c − d)/T are computed once a row. An entry
 * then costs no division. The value is the same but for rounding; where 0 met an infinite factor, 0
 * stays.
 */
final class RowFactors {
  /** Sums and products deeper than this are left as they are, so that the stack holds. */
  private static final int DEEPEST = 500;

  private final IdentityHashMap<Node, Integer> uses = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Node> shared = new IdentityHashMap<>();

  private RowFactors() {}

  /** {@return the same term, factors of the row inside} */
  static Node of(Node term) {
    Node root = new HashConsing().of(new Fold<>(new Lowered()).of(term));
    RowFactors factors = new RowFactors();
    EntryGradient.reachable(root)
        .filter(node -> !(node instanceof Node.Broadcast))
        .forEach(
            node -> node.children().forEach(child -> factors.uses.merge(child, 1, Integer::sum)));
    return factors.scaled(root, Option.none(), 0);
  }

  /** The node times the factor; what more than one node uses is made once, without a factor. */
  private Node scaled(Node node, Option<Node> factor, int depth) {
    if (depth > DEEPEST) {
      return times(node, factor);
    }
    if (uses.getOrDefault(node, 0) <= 1 || ofRow(node)) {
      return inside(node, factor, depth);
    }
    Node known = shared.get(node);
    if (known == null) {
      known = inside(node, Option.none(), depth);
      shared.put(node, known);
    }
    return times(known, factor);
  }

  private Node inside(Node node, Option<Node> factor, int depth) {
    if (ofRow(node)) {
      boolean zero = node instanceof Node.Constant constant && constant.value() == 0;
      return factor.isEmpty() || zero ? node : spread(product(row(node), factor));
    }
    if (node instanceof Node.Named named) {
      return scaled(named.of(), factor, depth + 1);
    }
    if (node instanceof Node.StopGradient stopped) {
      return scaled(stopped.of(), factor, depth + 1);
    }
    if (node instanceof Node.Unary negated && negated.op() == UnaryOp.NEGATE) {
      Node minus = Nodes.unary(UnaryOp.NEGATE, factor.getOrElse(one()));
      return scaled(negated.of(), Option.some(minus), depth + 1);
    }
    if (node instanceof Node.Select select) {
      return Nodes.select(
          select.when(),
          scaled(select.left(), factor, depth + 1),
          scaled(select.right(), factor, depth + 1));
    }
    return node instanceof Node.Binary binary ? binary(binary, factor, depth) : times(node, factor);
  }

  private Node binary(Node.Binary node, Option<Node> factor, int depth) {
    Node left = node.left();
    Node right = node.right();
    return switch (node.op()) {
      case PLUS, MINUS ->
          sum(node.op(), scaled(left, factor, depth + 1), scaled(right, factor, depth + 1));
      case TIMES -> {
        if (ofRow(right)) {
          yield scaled(left, Option.some(product(row(right), factor)), depth + 1);
        }
        yield ofRow(left)
            ? scaled(right, Option.some(product(row(left), factor)), depth + 1)
            : Nodes.binary(node.op(), scaled(left, factor, depth + 1), right);
      }
      case DIVIDE ->
          ofRow(right)
              ? scaled(left, Option.some(quotient(factor, row(right))), depth + 1)
              : Nodes.binary(node.op(), scaled(left, factor, depth + 1), right);
      case PROB_TIMES -> Nodes.binary(node.op(), left, scaled(right, factor, depth + 1));
      case MIN, MAX, LOG_ADD_EXP, SIGMOID_DIFF -> times(node, factor);
    };
  }

  /** A sum in which numbers of the row are added before they meet an entry. */
  private static Node sum(BinaryOp op, Node left, Node right) {
    if (right instanceof Node.Constant constant && constant.value() == 0) {
      return left;
    }
    if (ofRow(right)) {
      if (ofRow(left)) {
        return spread(Nodes.binary(op, row(left), row(right)));
      }
      boolean chain =
          left instanceof Node.Binary l && (l.op() == BinaryOp.PLUS || l.op() == BinaryOp.MINUS);
      if (chain && left instanceof Node.Binary l && ofRow(l.right())) {
        boolean same = l.op() == op;
        Node both = Nodes.binary(same ? BinaryOp.PLUS : BinaryOp.MINUS, row(l.right()), row(right));
        return Nodes.binary(l.op(), l.left(), spread(both));
      }
    }
    return Nodes.binary(op, left, right);
  }

  private static Node times(Node node, Option<Node> factor) {
    return factor.map(f -> Nodes.binary(BinaryOp.TIMES, node, spread(f))).getOrElse(node);
  }

  private static Node product(Node number, Option<Node> factor) {
    return factor.map(f -> Nodes.binary(BinaryOp.TIMES, number, f)).getOrElse(number);
  }

  private static Node quotient(Option<Node> factor, Node number) {
    return Nodes.binary(BinaryOp.DIVIDE, factor.getOrElse(one()), number);
  }

  private static Node one() {
    return Nodes.constant(1, Level.Name.TOKEN);
  }

  /** Whether it is the same for all entries of a row. */
  private static boolean ofRow(Node node) {
    return node instanceof Node.Constant
        || (node instanceof Node.Broadcast spread && !spread.condition());
  }

  private static Node row(Node node) {
    return node instanceof Node.Constant constant
        ? Nodes.constant(constant.value(), Level.Name.TOKEN)
        : Nodes.broadcast(((Node.Broadcast) node).of(), Level.Name.TOKEN);
  }

  private static Node spread(Node number) {
    return Nodes.broadcast(number, Level.Name.VOCABULARY);
  }

  /** Functions of numbers of the row computed once a row. */
  private static final class Lowered extends Rebuild {
    @Override
    public Node unary(Node.Unary node, Node of) {
      boolean lower = node.level() == Level.Name.VOCABULARY && ofRow(of);
      return lower ? spread(Nodes.unary(node.op(), row(of))) : super.unary(node, of);
    }

    @Override
    public Node binary(Node.Binary node, Node left, Node right) {
      boolean lower = node.level() == Level.Name.VOCABULARY && ofRow(left) && ofRow(right);
      return lower
          ? spread(Nodes.binary(node.op(), row(left), row(right)))
          : super.binary(node, left, right);
    }
  }
}
