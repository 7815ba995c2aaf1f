package lossmith.dsl.python;

import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.python.PythonCode.Shape;
import lossmith.dsl.simplify.Simplify;

/**
 * A number for each entry of a row as what stands everywhere and what is added at the sampled
 * entry: g_v = factor · dense_v + 1[v = y] · sampled. Of what is the same for all of a row one
 * number is made, so that a row is gone through once for all such factors, and not at all for the
 * sampled entry.
 *
 * @param dense what stands at each entry, but for a factor; none where that is 0
 * @param factor what multiplies it, the same for all of a row; none where that is 1
 * @param sampled what is added at the sampled one, the same for all of a row; none where that is 0
 */
record SlopeParts(Option<Node> dense, Option<Node> factor, Option<Node> sampled) {
  private static final Node ONE = Nodes.constant(1, Level.Name.VOCABULARY);
  private static final Node MINUS_ONE = Nodes.constant(-1, Level.Name.VOCABULARY);

  /** {@return the parts of numbers for each entry} */
  static SlopeParts of(Node node) {
    Parts parts = Parts.of(node);
    Node factor = new Simplify().of(parts.factor);
    boolean one = factor instanceof Node.Constant number && number.value() == 1;
    return new SlopeParts(
        parts.dense,
        Option.when(!one && parts.dense.isDefined(), factor),
        parts.sampled.map(new Simplify()::of));
  }

  /**
   * {@return the numbers as an expression}
   *
   * @param body where the lines before it go
   * @param given the variables that are not this function's to change
   */
  String text(Assignments body, Set<String> given) {
    Option<Node> all = dense.map(body::read);
    Option<Node> scale = factor.map(body::read);
    Option<Node> one = sampled.map(body::read);
    body.use(all.toList().appendAll(scale).appendAll(one));
    PythonCode each = all.map(body::of).getOrElse(RowMeaning.ZERO);
    // What nothing else reads may be changed in its place, which spares a copy.
    Seq<Node> read = Graph.below(scale.toList().appendAll(one), Node::children);
    boolean own =
        each.shape() == Shape.EACH
            && !given.contains(each.text())
            && all.forAll(node -> !read.contains(node));
    String scaled =
        scale.map(x -> (own ? ".mul_(" : ".mul(") + body.of(x).tensor().text() + ")").getOrElse("");
    String add = own || !scaled.isEmpty() ? ".scatter_add_" : ".scatter_add";
    return RowMeaning.wide(each)
        + scaled
        + one.map(x -> add + "(-1, token, " + RowMeaning.ofToken(body.of(x)) + ")").getOrElse("");
  }

  /** The same, not yet in their simplest form. */
  private record Parts(Option<Node> dense, Node factor, Option<Node> sampled) {
    static Parts of(Node node) {
      if (node instanceof Node.Unary one && one.op() == UnaryOp.NEGATE) {
        return of(one.of()).map(Parts::negated);
      }
      if (node instanceof Node.Binary two) {
        BinaryOp op = two.op();
        if (op == BinaryOp.PLUS || op == BinaryOp.MINUS) {
          return sum(op, of(two.left()), of(two.right()));
        }
        boolean scales = op == BinaryOp.TIMES || op == BinaryOp.DIVIDE;
        if (scales && ofRow(two.right())) {
          return of(two.left()).map(x -> Nodes.binary(op, x, two.right()));
        }
        if (op == BinaryOp.TIMES && ofRow(two.left())) {
          return of(two.right()).map(x -> Nodes.binary(op, x, two.left()));
        }
        if (op == BinaryOp.PROB_TIMES && two.right().equals(MINUS_ONE)) {
          Node probability = Nodes.binary(op, two.left(), ONE);
          return new Parts(Option.some(probability), MINUS_ONE, Option.none());
        }
      }
      boolean atSampled =
          node instanceof Node.Select select
              && select.when() instanceof Node.Sampled
              && select.right() instanceof Node.Constant zero
              && zero.value() == 0
              && ofRow(select.left());
      return atSampled
          ? new Parts(Option.none(), ONE, Option.some(((Node.Select) node).left()))
          : new Parts(Option.some(node), ONE, Option.none());
    }

    private static Parts sum(BinaryOp op, Parts left, Parts right) {
      if (op == BinaryOp.PLUS && left.factor.equals(MINUS_ONE)) {
        return sum(
            BinaryOp.MINUS, right, new Parts(left.dense, ONE, left.sampled.map(Parts::negated)));
      }
      Parts other = op == BinaryOp.MINUS ? right.map(Parts::negated) : right;
      Option<Node> sampled = both(BinaryOp.PLUS, left.sampled, other.sampled);
      if (left.dense.isEmpty() || right.dense.isEmpty()) {
        Parts one = left.dense.isEmpty() ? other : left;
        return new Parts(one.dense, one.factor, sampled);
      }
      return new Parts(both(op, left.everywhere(), right.everywhere()), ONE, sampled);
    }

    private static Option<Node> both(BinaryOp op, Option<Node> left, Option<Node> right) {
      return left.flatMap(l -> right.map(r -> Nodes.binary(op, l, r))).orElse(left).orElse(right);
    }

    private static Node negated(Node node) {
      return Nodes.unary(UnaryOp.NEGATE, node);
    }

    private Parts map(UnaryOperator<Node> scaled) {
      return new Parts(dense, scaled.apply(factor), sampled.map(scaled));
    }

    /** What stands at each entry. */
    private Option<Node> everywhere() {
      return factor.equals(ONE)
          ? dense
          : dense.map(node -> Nodes.binary(BinaryOp.TIMES, node, factor));
    }
  }

  /** Whether it is the same for all entries of a row. */
  private static boolean ofRow(Node node) {
    return node instanceof Node.Constant
        || node instanceof Node.ParameterValue
        || node instanceof Node.Broadcast
        || (node instanceof Node.Unary one && ofRow(one.of()))
        || (node instanceof Node.Binary two && ofRow(two.left()) && ofRow(two.right()));
  }
}
