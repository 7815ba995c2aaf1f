package lossmith.proofs.subject;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;

/**
 * A term in which every sum and every function such as exp is off by its last bits, as another
 * order of summation or another place in a vector would have it, so that numbers that stay equal
 * are equal in every program. Sums that are whole numbers are exact in any order, and so are the
 * smallest, the largest, exp 0 and the like.
 */
final class LastBits extends Rebuild {
  private static final String NAME = "last bits per ";

  /** Whole numbers up to here are doubles. */
  private static final double LARGE = 1e15;

  /** The samples with what the last bits are off by, a few 1e-13 of either sign. */
  static Samples in(Samples samples, int pattern) {
    Samples all = samples;
    for (Level.Name level :
        new Level.Name[] {
          Level.Name.TOKEN, Level.Name.SEQUENCE, Level.Name.GROUP, Level.Name.BATCH
        }) {
      double[] off = new double[samples.size(level)];
      Arrays.setAll(off, i -> RoundingDecides.nudge(0, i, pattern));
      all = all.with(NAME + level, level, off);
    }
    return all;
  }

  private static Node off(Node number, Node size) {
    Node bits = Nodes.given(NAME + number.level(), number.level());
    return Nodes.binary(BinaryOp.PLUS, number, Nodes.binary(BinaryOp.TIMES, bits, size));
  }

  /** A sum: exact where it is whole, but of a row of exponentials. */
  private static Node sum(Node sum, Level.Name of) {
    Node size = Nodes.unary(UnaryOp.ABS, sum);
    if (of == Level.Name.VOCABULARY) {
      return off(sum, Nodes.binary(BinaryOp.PLUS, Nodes.constant(1, sum.level()), size));
    }
    Node whole = Nodes.compare(CompareOp.EQUAL, Nodes.unary(UnaryOp.FLOOR, sum), sum);
    Node small = Nodes.compare(CompareOp.BELOW, size, Nodes.constant(LARGE, sum.level()));
    return Nodes.select(Nodes.and(whole, small), sum, off(sum, size));
  }

  /** A function that a vector unit finds otherwise than the last bits of one number alone. */
  private static Node function(Node value, Node at, double exact) {
    if (value.level() == Level.Name.VOCABULARY) {
      return value; // its logits are moved
    }
    return Nodes.select(
        Nodes.compare(CompareOp.EQUAL, at, Nodes.constant(exact, at.level())),
        value,
        off(value, Nodes.unary(UnaryOp.ABS, value)));
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    Node value = super.unary(node, of);
    return switch (node.op()) {
      case NEGATE, SQRT, ABS, SIGN, SQUARE, FLOOR -> value;
      case EXP, EXP_SLOPE, SIGMOID, TANH, EXPM1, EXP_REMAINDER, EXP_REMAINDER_SLOPE, LOG1P ->
          function(value, of, 0);
      case LOG -> function(value, of, 1);
      case LOG_SIGMOID, SOFTPLUS, LOG1M_EXP -> function(value, of, Double.POSITIVE_INFINITY);
    };
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    Node value = super.binary(node, left, right);
    return switch (node.op()) {
      case PLUS, MINUS, TIMES, DIVIDE, MIN, MAX -> value;
      case PROB_TIMES, SIGMOID_DIFF, LOG_ADD_EXP -> function(value, left, Double.POSITIVE_INFINITY);
    };
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    Node reduced = super.reduce(node, of, where);
    return switch (node.op()) {
      case MIN, MAX, ULP -> reduced;
      case SUM, MEAN, STD -> sum(reduced, of.level());
    };
  }

  @Override
  public Node scan(Node.Scan node, Node addend, Node coefficient) {
    return sum(super.scan(node, addend, coefficient), Level.Name.TOKEN);
  }

  @Override
  public Node sumByKey(Node.SumByKey node, Node of, Node key) {
    Node made = super.sumByKey(node, of, key);
    return made.level() == Level.Name.VOCABULARY ? made : sum(made, made.level());
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node fraction, Option<Node> where) {
    return sum(super.quantile(node, of, fraction, where), of.level());
  }
}
