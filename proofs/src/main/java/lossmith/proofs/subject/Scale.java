package lossmith.proofs.subject;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;

/**
 * The scale that rounding is measured against, Σ |summands|: a rewriting in which nothing cancels.
 * Sums become sums of absolute values, products products of them; what is neither is taken by its
 * own size.
 */
public final class Scale extends Rebuild {
  /** Log-probabilities near 1 carry roundings of 1e-16 into whatever is 0. */
  private static final double FLOOR = 1e-6;

  private Scale() {}

  /** The rewriting, for many nodes that share. */
  static Fold<Node> fold() {
    return new Fold<>(new Scale());
  }

  /** The largest scale of a node's entries. */
  public static double of(Node node, Reference reference) {
    return largest(reference.of(fold().of(node)));
  }

  /** The largest of the entries of a rewritten node. */
  static double largest(double[] sizes) {
    return Arrays.stream(sizes).filter(Double::isFinite).max().orElse(0) + FLOOR;
  }

  /** A logarithm's own rounding is its argument's relative one: log(1 + 1e-20) is 0 by 1e-16. */
  private static Node relative(Node of, Node.Unary node) {
    return Nodes.binary(BinaryOp.DIVIDE, of, size(node.of()));
  }

  private static Node size(Node node) {
    return node.condition() ? node : Nodes.unary(UnaryOp.ABS, node);
  }

  @Override
  public Node input(Node.Input node) {
    return size(node);
  }

  @Override
  public Node constant(Node.Constant node) {
    return size(node);
  }

  @Override
  public Node setting(Node.Setting node) {
    return size(node);
  }

  @Override
  public Node uniform(Node.Uniform node, Node seed, Node step) {
    return size(node);
  }

  @Override
  public Node named(Node.Named node, Node of) {
    return of;
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    return switch (node.op()) {
      case NEGATE -> of;
      case LOG -> Nodes.binary(BinaryOp.PLUS, size(node), relative(of, node));
      default -> size(node);
    };
  }

  @Override
  public Node not(Node.Not node, Node of) {
    return node;
  }

  @Override
  public Node stopGradient(Node.StopGradient node, Node of) {
    return of;
  }

  @Override
  public Node broadcast(Node.Broadcast node, Node of) {
    return node.condition() ? node : super.broadcast(node, of);
  }

  @Override
  public Node neighbour(Node.Neighbour node, Node of) {
    return size(node);
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    return switch (node.op()) {
      case PLUS, MINUS -> Nodes.binary(BinaryOp.PLUS, left, right);
      case TIMES -> Nodes.binary(BinaryOp.TIMES, left, right);
      case DIVIDE -> Nodes.binary(BinaryOp.DIVIDE, left, size(node.right()));
      case EXP_TIMES -> Nodes.binary(BinaryOp.EXP_TIMES, node.left(), right);
      case MIN, MAX, LOG_ADD_EXP, SHARE -> size(node);
    };
  }

  @Override
  public Node compare(Node.Compare node, Node left, Node right) {
    return node;
  }

  @Override
  public Node logic(Node.Logic node, Node left, Node right) {
    return node;
  }

  @Override
  public Node scan(Node.Scan node, Node addend, Node coefficient) {
    return size(node);
  }

  @Override
  public Node share(Node.Share node, Node of, Node key) {
    return size(node);
  }

  @Override
  public Node permute(Node.Permute node, Node of, Node key) {
    return size(node);
  }

  @Override
  public Node clip(Node.Clip node, Node of, Node low, Node high) {
    return size(node);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    return Nodes.select(node.when(), left, right);
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    boolean linear = node.op() == ReduceOp.SUM || node.op() == ReduceOp.MEAN;
    return linear ? Nodes.reduce(node.op(), of, node.to(), node.ddof(), node.where()) : size(node);
  }

  @Override
  public Node count(Node.Count node, Option<Node> where) {
    return node;
  }

  @Override
  public Node rank(Node.Rank node, Node of, Option<Node> where) {
    return node;
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node share, Option<Node> where) {
    return size(node);
  }
}
