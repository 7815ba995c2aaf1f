package lossmith.proofs;

import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;

/**
 * A term in which every sum is off by its last bits, as another order of summation would have it,
 * so that numbers that stay equal are equal in every program. Sums that are whole numbers are exact
 * in any order, and so are the smallest and the largest.
 */
final class LastBits extends Rebuild {
  private static final String NAME = "last bits per ";

  /** The samples with what the last bits are off by, a few 1e-13 of either sign. */
  static Samples in(Samples samples, int pattern) {
    Samples all = samples;
    for (Level.Name level :
        new Level.Name[] {
          Level.Name.TOKEN, Level.Name.SEQUENCE, Level.Name.GROUP, Level.Name.BATCH
        }) {
      double[] off = new double[samples.size(level)];
      Arrays.setAll(off, i -> Rounding.nudge(0, i, pattern));
      all = all.with(NAME + level, level, off);
    }
    return all;
  }

  private static Node off(Node sum, boolean logarithms) {
    Node bits = Nodes.given(NAME + sum.level(), sum.level());
    Node size = Nodes.unary(UnaryOp.ABS, sum);
    Node one = Nodes.constant(1, sum.level());
    Node scale = logarithms ? Nodes.binary(BinaryOp.PLUS, one, size) : size;
    Node moved = Nodes.binary(BinaryOp.PLUS, sum, Nodes.binary(BinaryOp.TIMES, bits, scale));
    Node whole = Nodes.compare(CompareOp.EQUAL, Nodes.unary(UnaryOp.FLOOR, sum), sum);
    return logarithms ? moved : Nodes.select(whole, sum, moved);
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    Node reduced = super.reduce(node, of, where);
    boolean exact = node.op() == ReduceOp.MIN || node.op() == ReduceOp.MAX;
    return exact ? reduced : off(reduced, of.level() == Level.Name.VOCABULARY);
  }

  @Override
  public Node scan(Node.Scan node, Node addend, Node coefficient) {
    Direction direction = node.direction();
    return off(Nodes.scan(addend, coefficient, direction), false);
  }

  @Override
  public Node share(Node.Share node, Node of, Node key) {
    Node share = super.share(node, of, key);
    return share.level() == Level.Name.VOCABULARY ? share : off(share, false);
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node share, Option<Node> where) {
    return off(super.quantile(node, of, share, where), of.level() == Level.Name.VOCABULARY);
  }
}
