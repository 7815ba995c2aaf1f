package lossmith.blackbox;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * An objective without its denominators: the number per token of which it makes a mean, and the
 * same under another mean.
 */
final class PerToken {
  private PerToken() {}

  /**
   * {@return Σ_t w·x_t, w the column {@link RecipeBox#WEIGHT}; none where a loss is no mean or sum
   * of one number per token}
   *
   * @param root the number of the batch
   */
  static Option<Node> weighed(Node root) {
    Node weight =
        Nodes.broadcast(Nodes.given(RecipeBox.WEIGHT, Level.Name.SEQUENCE), Level.Name.TOKEN);
    return of(root)
        .map(
            x ->
                Nodes.reduce(
                    ReduceOp.SUM,
                    Nodes.binary(BinaryOp.TIMES, x, weight),
                    Level.Name.BATCH,
                    0,
                    Option.none()));
  }

  /** The number per token; of a response that is one number, this number at each of its tokens. */
  private static Option<Node> of(Node node) {
    if (node.level() == Level.Name.TOKEN) {
      return Option.some(node);
    }
    if (node.level() == Level.Name.VOCABULARY) {
      return Option.none();
    }
    if (node instanceof Node.Named named) {
      return of(named.of());
    }
    if (node instanceof Node.Unary unary && unary.op() == UnaryOp.NEGATE) {
      return of(unary.of()).map(x -> Nodes.unary(UnaryOp.NEGATE, x));
    }
    if (node instanceof Node.Reduce mean && averages(mean)) {
      return of(mean.of()).map(x -> selected(x, mean.where()));
    }
    if (node instanceof Node.Binary binary && binary.left().live()) {
      return of(binary);
    }
    return Option.when(
        node.level() == Level.Name.SEQUENCE, () -> Nodes.broadcast(node, Level.Name.TOKEN));
  }

  private static boolean averages(Node.Reduce node) {
    return node.op() == ReduceOp.MEAN || node.op() == ReduceOp.SUM;
  }

  /** What is divided by is a denominator; what is multiplied with is a part of the number. */
  private static Option<Node> of(Node.Binary node) {
    boolean spread = node.level() == Level.Name.SEQUENCE;
    if (node.op() == BinaryOp.DIVIDE && !node.right().live()) {
      return of(node.left());
    }
    if (node.op() == BinaryOp.TIMES && !node.right().live()) {
      return of(node.left()).map(x -> Nodes.binary(BinaryOp.TIMES, x, spread(node.right())));
    }
    if (node.op() == BinaryOp.PLUS || node.op() == BinaryOp.MINUS) {
      return of(node.left()).flatMap(x -> of(node.right()).map(y -> Nodes.binary(node.op(), x, y)));
    }
    return Option.when(spread, () -> Nodes.broadcast(node, Level.Name.TOKEN));
  }

  private static Node spread(Node node) {
    return node.level() == Level.Name.TOKEN ? node : Nodes.broadcast(node, Level.Name.TOKEN);
  }

  /** Tokens that do not count add nothing; responses without tokens add nothing anyhow. */
  private static Node selected(Node x, Option<Node> where) {
    return where
        .filter(node -> node.level() == Level.Name.TOKEN)
        .map(node -> Nodes.select(node, x, Nodes.constant(0, Level.Name.TOKEN)))
        .getOrElse(x);
  }
}
