package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

/** Up for down, more for less, far too much. */
final class SignSlips {
  private SignSlips() {}

  static Seq<Slip> all() {
    return List.of(
        Slip.of("the sign of a part turned", (loss, node) -> part(loss, node, SignSlips::negated)),
        Slip.of("a thousand times a part", (loss, node) -> part(loss, node, SignSlips::thousand)),
        Slip.at("plus for minus", SignSlips::plusForMinus),
        Slip.at("minus for plus", SignSlips::minusForPlus),
        Slip.at("min for max", node -> swapped(node, BinaryOp.MAX, BinaryOp.MIN)),
        Slip.at("max for min", node -> swapped(node, BinaryOp.MIN, BinaryOp.MAX)),
        Slip.at("a comparison turned", SignSlips::compared),
        Slip.at("the branches of a choice swapped", SignSlips::branches),
        Slip.at("and for or", node -> logic(node, false)),
        Slip.at("or for and", node -> logic(node, true)),
        Slip.at("a square forgotten", SignSlips::square),
        Slip.of("the coefficient twice", (loss, node) -> twice(node)));
  }

  private static Seq<Node> part(
      Loss loss, Node node, java.util.function.UnaryOperator<Node> wrong) {
    boolean whole = loss.parts().values().exists(part -> part.node() == node) && node.live();
    return whole ? List.of(wrong.apply(node)) : List.empty();
  }

  private static Node negated(Node node) {
    return Nodes.unary(UnaryOp.NEGATE, node);
  }

  private static Node thousand(Node node) {
    return Nodes.binary(BinaryOp.TIMES, node, Nodes.constant(1000, node.level()));
  }

  private static Option<Node> plusForMinus(Node node) {
    return swapped(node, BinaryOp.MINUS, BinaryOp.PLUS);
  }

  /** A constant that only keeps a denominator from 0 is no summand. */
  private static Option<Node> minusForPlus(Node node) {
    return node instanceof Node.Binary sum && !(isSmall(sum.left()) || isSmall(sum.right()))
        ? swapped(node, BinaryOp.PLUS, BinaryOp.MINUS)
        : Option.none();
  }

  private static boolean isSmall(Node node) {
    return node instanceof Node.Broadcast spread
        ? isSmall(spread.of())
        : node instanceof Node.Constant number && Math.abs(number.value()) < 1e-3;
  }

  private static Option<Node> swapped(Node node, BinaryOp from, BinaryOp to) {
    return Option.when(
            node instanceof Node.Binary binary && binary.op() == from, () -> (Node.Binary) node)
        .map(binary -> Nodes.binary(to, binary.left(), binary.right()));
  }

  private static Option<Node> compared(Node node) {
    return node instanceof Node.Compare compare && compare.op() != CompareOp.EQUAL
        ? Option.some(
            Nodes.compare(compare.op(), /* left= */ compare.right(), /* right= */ compare.left()))
        : Option.none();
  }

  private static Option<Node> branches(Node node) {
    return node instanceof Node.Select select
        ? Option.some(
            Nodes.select(select.when(), /* left= */ select.right(), /* right= */ select.left()))
        : Option.none();
  }

  private static Option<Node> logic(Node node, boolean all) {
    return node instanceof Node.Logic logic && logic.all() == all
        ? Option.some(Nodes.logic(!all, logic.left(), logic.right()))
        : Option.none();
  }

  private static Option<Node> square(Node node) {
    return node instanceof Node.Unary square && square.op() == UnaryOp.SQUARE
        ? Option.some(square.of())
        : Option.none();
  }

  private static Seq<Node> twice(Node node) {
    return node instanceof Node.Binary product && product.op() == BinaryOp.TIMES && product.live()
        ? List.of(product.left(), product.right())
            .filter(SignSlips::isParameter)
            .map(beta -> Nodes.binary(BinaryOp.TIMES, product, beta))
        : List.empty();
  }

  private static boolean isParameter(Node node) {
    return node instanceof Node.Broadcast spread
        ? isParameter(spread.of())
        : node instanceof Node.ParameterValue;
  }
}
