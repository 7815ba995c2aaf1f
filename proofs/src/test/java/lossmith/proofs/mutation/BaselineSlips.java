package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/** Advantages and values: what is subtracted, what it is divided by, which step is which. */
final class BaselineSlips {
  static final String DDOF = "std over n − 1 for n, or n for n − 1";

  private BaselineSlips() {}

  static Seq<Slip> all() {
    return List.of(
        Slip.at("the whole batch for the group", node -> wider(node, Level.Name.GROUP)),
        Slip.at("the group for the whole batch", node -> wider(node, Level.Name.BATCH)),
        Slip.at(DDOF, BaselineSlips::ddof),
        Slip.at("the variance for the std", BaselineSlips::variance),
        Slip.at("an advantage that is not centred", BaselineSlips::notCentred),
        Slip.at("divided before it is subtracted", BaselineSlips::brackets),
        Slip.at("multiplied by what it is divided by", BaselineSlips::multiplied),
        Slip.at("a value regressed on the advantage", BaselineSlips::regressed),
        Slip.at("the value of the same step for the next", BaselineSlips::sameStep),
        Slip.at("a value after the end", BaselineSlips::afterTheEnd),
        Slip.at("a recurrence that runs the other way", BaselineSlips::otherWay));
  }

  /** A statistic of the rewards of a prompt, spread, taken of all; or the other way round. */
  private static Option<Node> wider(Node node, Level.Name from) {
    Level.Name to = from == Level.Name.GROUP ? Level.Name.BATCH : Level.Name.GROUP;
    return node instanceof Node.Broadcast spread
            && inner(spread.of()) instanceof Node.Reduce reduce
            && reduce.to() == from
            && !reduce.live()
            && reduce.of().level() == Level.Name.SEQUENCE
            && spread.to() == Level.Name.SEQUENCE
        ? Option.some(
            Nodes.broadcast(
                Nodes.reduce(reduce.op(), reduce.of(), to, reduce.ddof(), reduce.where()),
                spread.to()))
        : Option.none();
  }

  private static Node inner(Node node) {
    return node instanceof Node.Named named ? inner(named.of()) : node;
  }

  private static Option<Node.Reduce> std(Node node) {
    return node instanceof Node.Reduce reduce && reduce.op() == ReduceOp.STD
        ? Option.some(reduce)
        : Option.none();
  }

  private static Option<Node> ddof(Node node) {
    return std(node)
        .map(std -> Nodes.reduce(std.op(), std.of(), std.to(), 1 - std.ddof(), std.where()));
  }

  private static Option<Node> variance(Node node) {
    return std(node).map(std -> Nodes.unary(UnaryOp.SQUARE, std));
  }

  private static Option<Node.Binary> binary(Node node, BinaryOp op) {
    return node instanceof Node.Binary binary && binary.op() == op
        ? Option.some(binary)
        : Option.none();
  }

  private static Option<Node> notCentred(Node node) {
    return binary(node, BinaryOp.MINUS)
        .filter(
            minus ->
                !minus.live()
                    && Graph.below(List.of(minus.right()))
                        .exists(
                            below ->
                                below instanceof Node.Reduce mean
                                    && mean.op() == ReduceOp.MEAN
                                    && mean.of().level() != Level.Name.VOCABULARY))
        .map(Node.Binary::left);
  }

  private static Option<Node> brackets(Node node) {
    return binary(node, BinaryOp.DIVIDE)
        .flatMap(
            quotient ->
                binary(inner(quotient.left()), BinaryOp.MINUS)
                    .filter(minus -> !minus.live())
                    .map(
                        minus ->
                            Nodes.binary(
                                BinaryOp.MINUS,
                                minus.left(),
                                Nodes.binary(BinaryOp.DIVIDE, minus.right(), quotient.right()))));
  }

  private static Option<Node> multiplied(Node node) {
    return binary(node, BinaryOp.DIVIDE)
        .map(quotient -> Nodes.binary(BinaryOp.TIMES, quotient.left(), quotient.right()));
  }

  private static boolean isValue(Node node) {
    return node instanceof Node.Input input && input.name().equals(Columns.VALUE);
  }

  private static Option<Node> regressed(Node node) {
    return binary(node, BinaryOp.MINUS)
        .filter(minus -> minus.live() && isValue(minus.left()) && !minus.right().live())
        .map(
            minus ->
                Nodes.binary(
                    BinaryOp.MINUS,
                    minus.left(),
                    Nodes.binary(BinaryOp.MINUS, minus.right(), Nodes.stopGradient(minus.left()))));
  }

  private static Option<Node> sameStep(Node node) {
    return node instanceof Node.Neighbour next && next.from() != Direction.FORWARD
        ? Option.some(next.of())
        : Option.none();
  }

  private static Option<Node> afterTheEnd(Node node) {
    return node instanceof Node.Neighbour next
        ? Option.some(Nodes.neighbour(next.of(), next.from(), next.edge() + 1))
        : Option.none();
  }

  private static Option<Node> otherWay(Node node) {
    return node instanceof Node.Scan scan
        ? Option.some(
            Nodes.scan(
                scan.left(),
                scan.right(),
                scan.direction() == Direction.BACKWARD ? Direction.FORWARD : Direction.BACKWARD))
        : Option.none();
  }
}
