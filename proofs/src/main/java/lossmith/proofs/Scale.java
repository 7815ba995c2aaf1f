package lossmith.proofs;

import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;

/**
 * The scale that rounding is measured against: Σ |summands| through sums, signs and means, and the
 * largest entry elsewhere.
 */
final class Scale {
  private Scale() {}

  static double of(Node node, Reference reference) {
    if (node instanceof Node.Named x) {
      return of(x.of(), reference);
    }
    if (node instanceof Node.StopGradient x) {
      return of(x.of(), reference);
    }
    if (node instanceof Node.Broadcast x && !x.condition()) {
      return of(x.of(), reference);
    }
    if (node instanceof Node.Unary x && x.op() == UnaryOp.NEGATE) {
      return of(x.of(), reference);
    }
    boolean sum =
        node instanceof Node.Binary b && (b.op() == BinaryOp.PLUS || b.op() == BinaryOp.MINUS);
    if (sum && node instanceof Node.Binary x) {
      return of(x.left(), reference) + of(x.right(), reference);
    }
    if (node instanceof Node.Reduce x && x.op() == ReduceOp.MEAN) {
      return of(x.of(), reference);
    }
    if (node instanceof Node.Reduce x && x.op() == ReduceOp.SUM) {
      return of(x.of(), reference) * reference.of(x.of()).length;
    }
    return Arrays.stream(reference.of(node))
        .map(Math::abs)
        .filter(Double::isFinite)
        .max()
        .orElse(0);
  }
}
