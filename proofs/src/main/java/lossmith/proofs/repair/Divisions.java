package lossmith.proofs.repair;

import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.role.PresumedRole;

/** A sum that nothing divides, or a mean that is divided again, where a part is put together. */
final class Divisions {
  private Divisions() {}

  /** {@return what is wrong with the denominator of a part, if that shows} */
  static Option<String> of(PresumedRole part) {
    return below(part.whole(), Option.none());
  }

  private static Option<String> below(Node node, Option<Node> divisor) {
    Node plain = PresumedRole.plain(node);
    if (!plain.live()) {
      return Option.none();
    }
    if (plain instanceof Node.Unary turned && turned.op() == UnaryOp.NEGATE) {
      return below(turned.of(), divisor);
    }
    if (plain instanceof Node.Binary both) {
      return switch (both.op()) {
        case DIVIDE -> below(both.left(), Option.some(both.right()));
        case TIMES, PLUS, MINUS ->
            below(both.left(), divisor).orElse(() -> below(both.right(), divisor));
        default -> Option.none();
      };
    }
    return plain instanceof Node.Reduce reduce ? reduced(reduce, divisor) : Option.none();
  }

  private static Option<String> reduced(Node.Reduce reduce, Option<Node> divisor) {
    boolean sum = reduce.op() == ReduceOp.SUM && reduce.to() != Level.Name.SEQUENCE;
    if (sum && divisor.isEmpty()) {
      return Option.some("nothing divides the sum " + Causes.text(reduce));
    }
    if (reduce.op() != ReduceOp.MEAN) {
      return Option.none();
    }
    return divisor
        .filter(by -> !(PresumedRole.plain(by) instanceof Node.Constant))
        .map(by -> Causes.text(reduce) + " is a mean and is divided again, by " + Causes.text(by))
        .orElse(() -> below(reduce.of(), divisor));
  }
}
