package lossmith.dsl.magnitude;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Σ|summands| of a term, as a term: sums, means, products and quotients of magnitudes, for a std
 * the magnitude of its members, and the absolute value of anything that is no sum. It is the scale
 * on which two computations of the term can agree, however much of it cancels.
 */
public final class Magnitude extends Rebuild {
  /** √(1e-16 · m) = 1e-9 · m / √(ROUNDED · m). */
  private static final double ROUNDED = 0.01;

  private Magnitude() {}

  /** {@return the magnitude of a number; a condition is itself} */
  public static Node of(Node node) {
    return fold().of(node);
  }

  /** {@return the magnitudes of many numbers that share parts} */
  public static Fold<Node> fold() {
    return new Fold<>(new Magnitude());
  }

  private static Node absolute(Node node) {
    return Nodes.unary(UnaryOp.ABS, node);
  }

  @Override
  public Node input(Node.Input node) {
    return absolute(node);
  }

  @Override
  public Node constant(Node.Constant node) {
    return absolute(node);
  }

  @Override
  public Node parameter(Node.ParameterValue node) {
    return absolute(node);
  }

  @Override
  public Node uniform(Node.Uniform node, Node seed, Node step) {
    return node;
  }

  @Override
  public Node named(Node.Named node, Node of) {
    return of;
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    return switch (node.op()) {
      case NEGATE, ABS -> of;
      case SQUARE -> Nodes.binary(BinaryOp.TIMES, absolute(node.of()), of);
      case SQRT -> root(node, of);
      case LOG -> Nodes.binary(BinaryOp.PLUS, absolute(node), relative(node, of));
      default -> absolute(node);
    };
  }

  /** A logarithm's own rounding is its argument's relative one: log(1 + 1e-20) is 0 by 1e-16. */
  private static Node relative(Node.Unary log, Node magnitude) {
    return Nodes.binary(BinaryOp.DIVIDE, magnitude, absolute(log.of()));
  }

  /**
   * A root is off by δ/√x where x is off by δ. A std by E[x²] − E[x]² of equal numbers is the root
   * of the rounding error, 1e-8 of the magnitude, so no tighter agreement is asked for.
   */
  private static Node root(Node root, Node magnitude) {
    Node least = Nodes.constant(ROUNDED, magnitude.level());
    Node vanishing = Nodes.unary(UnaryOp.SQRT, Nodes.binary(BinaryOp.TIMES, magnitude, least));
    return Nodes.binary(BinaryOp.DIVIDE, magnitude, Nodes.binary(BinaryOp.MAX, root, vanishing));
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
  public Node neighbour(Node.Neighbour node, Node of) {
    return Nodes.neighbour(of, node.from(), Math.abs(node.edge()));
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    return switch (node.op()) {
      case PLUS, MINUS -> Nodes.binary(BinaryOp.PLUS, left, right);
      case TIMES -> Nodes.binary(BinaryOp.TIMES, left, right);
      case DIVIDE -> Nodes.binary(BinaryOp.DIVIDE, left, absolute(node.right()));
      case MIN -> chosen(node.left(), node.right(), left, right);
      case MAX -> chosen(node.right(), node.left(), left, right);
      case PROB_TIMES -> Nodes.binary(BinaryOp.PROB_TIMES, node.left(), right);
      case LOG_ADD_EXP, SIGMOID_DIFF -> absolute(node);
    };
  }

  /** That of the first where {@code less} is at most {@code more}, else that of the second. */
  private static Node chosen(Node less, Node more, Node first, Node second) {
    return Nodes.select(Nodes.compare(CompareOp.AT_MOST, less, more), first, second);
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
    return Nodes.scan(addend, absolute(node.right()), node.direction());
  }

  @Override
  public Node sumByKey(Node.SumByKey node, Node of, Node key) {
    return absolute(node);
  }

  @Override
  public Node permute(Node.Permute node, Node of, Node key) {
    return absolute(node);
  }

  @Override
  public Node clip(Node.Clip node, Node of, Node low, Node high) {
    return absolute(node);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    return Nodes.select(node.when(), left, right);
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    return switch (node.op()) {
      case SUM, MEAN -> Nodes.reduce(node.op(), of, node.to(), 0, node.where());
      case STD -> Nodes.reduce(ReduceOp.MEAN, of, node.to(), 0, node.where());
      case MIN, MAX -> ofExtreme(node, of);
      case ULP -> absolute(node);
    };
  }

  /** The most of those members that are the extreme. */
  private static Node ofExtreme(Node.Reduce node, Node magnitudes) {
    Node extreme = Nodes.broadcast(node, node.of().level());
    Node isOne = Nodes.compare(CompareOp.EQUAL, node.of(), extreme);
    Node counts = node.where().map(where -> Nodes.and(where, isOne)).getOrElse(isOne);
    return Nodes.reduce(ReduceOp.MAX, magnitudes, node.to(), 0, Option.some(counts));
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
  public Node quantile(Node.Quantile node, Node of, Node fraction, Option<Node> where) {
    return absolute(node);
  }
}
