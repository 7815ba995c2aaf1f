package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * A part of an objective that people write otherwise, which no number of its own tells: in the
 * formula one kind of piece becomes another.
 *
 * @param words what the exchanged objective has, and what the objective has instead
 * @param piece makes another piece of one, or gives it back
 */
record Exchange(String words, UnaryOperator<Node> piece) {
  /** The importance ratio, as objectives call it. */
  private static final String RATIO = "r";

  /** All that are tried. */
  static final Seq<Exchange> ALL =
      List.of(
          new Exchange(
              "the clipped r·A stands alone instead of the smaller of r·A and the clipped r·A",
              lesser(Node.Binary::right)),
          new Exchange(
              "r·A is not clipped instead of the smaller of r·A and the clipped r·A",
              lesser(Node.Binary::left)),
          new Exchange(
              "the larger of r·A and the clipped r·A stands instead of the smaller",
              lesser(node -> Nodes.binary(BinaryOp.MAX, node.left(), node.right()))),
          new Exchange(
              "the gradient goes through what multiplies it instead of stopping there",
              node -> node instanceof Node.StopGradient stopped ? stopped.of() : node),
          new Exchange(
              "the importance ratio is the product over a response instead of token by token",
              logRatio(x -> over(ReduceOp.SUM, x))),
          new Exchange(
              "the importance ratio is the mean over a response instead of token by token",
              logRatio(x -> over(ReduceOp.MEAN, x))),
          new Exchange(
              "the importance ratio is the product over a response instead of the mean",
              Exchange::product),
          new Exchange(
              "the importance ratio is π_old/π instead of π/π_old",
              logRatio(x -> Nodes.unary(UnaryOp.NEGATE, x))),
          new Exchange(
              "the importance ratio is to the log-probs of the sampler instead of those of the old"
                  + " policy",
              renamed(Columns.ROLLOUT_LOG_PROB)),
          new Exchange(
              "the importance ratio is to the log-probs of the reference instead of those of the"
                  + " old policy",
              renamed(Columns.REFERENCE_LOG_PROB)),
          new Exchange(
              "what is raised is π instead of log π",
              node ->
                  node instanceof Node.Binary product
                          && product.op() == BinaryOp.TIMES
                          && product.left() instanceof Node.Gather
                      ? Nodes.binary(
                          BinaryOp.TIMES, Nodes.unary(UnaryOp.EXP, product.left()), product.right())
                      : node));

  /** {@return the number of a batch with the pieces exchanged} */
  Node of(Node root) {
    return new Fold<Node>(new Rebuild(), (node, same) -> piece.apply(same)).of(root);
  }

  private static UnaryOperator<Node> lesser(java.util.function.Function<Node.Binary, Node> other) {
    return node ->
        node instanceof Node.Binary least && least.op() == BinaryOp.MIN && least.live()
            ? other.apply(least)
            : node;
  }

  private static UnaryOperator<Node> logRatio(UnaryOperator<Node> other) {
    return node ->
        node instanceof Node.Named ratio
                && ratio.symbol().equals(RATIO)
                && ratio.of() instanceof Node.Unary power
                && power.op() == UnaryOp.EXP
                && power.level() == Level.Name.TOKEN
            ? Nodes.named(Nodes.unary(UnaryOp.EXP, other.apply(power.of())), RATIO)
            : node;
  }

  private static Node over(ReduceOp op, Node x) {
    return Nodes.broadcast(
        Nodes.reduce(op, x, Level.Name.SEQUENCE, 0, Option.none()), Level.Name.TOKEN);
  }

  private static Node product(Node node) {
    return node instanceof Node.Reduce mean
            && mean.op() == ReduceOp.MEAN
            && mean.to() == Level.Name.SEQUENCE
            && mean.of() instanceof Node.Binary difference
            && difference.op() == BinaryOp.MINUS
        ? Nodes.reduce(ReduceOp.SUM, mean.of(), mean.to(), 0, mean.where())
        : node;
  }

  private static UnaryOperator<Node> renamed(String column) {
    return node ->
        node instanceof Node.Input input && input.name().equals(Columns.OLD_LOG_PROB)
            ? Nodes.given(column, input.level())
            : node;
  }
}
