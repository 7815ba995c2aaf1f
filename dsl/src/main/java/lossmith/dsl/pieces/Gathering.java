package lossmith.dsl.pieces;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.function.ToDoubleFunction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;

/**
 * How a reduction over the batch is put together: what each piece is asked for, a share of a few
 * numbers made of that, and shares joined, in any order and grouping to the same number but for
 * rounding.
 */
public sealed interface Gathering {
  /** {@return the batch nodes that a piece is asked for, by name} */
  Map<String, Node> asked();

  /** {@return the share of a piece, from the numbers of what was asked} */
  double[] share(ToDoubleFunction<String> found);

  /** {@return the share of two parts of the batch together} */
  double[] and(double[] one, double[] other);

  /** {@return the number of the whole batch} */
  double result(double[] share);

  /** {@return how a node of the batch is gathered; none where all numbers are needed at once} */
  static Option<Gathering> of(Node node) {
    if (node instanceof Node.Count) {
      return Option.some(new Sum(node));
    }
    if (node instanceof Node.Reduce x) {
      return switch (x.op()) {
        case SUM -> Option.some(new Sum(x));
        case MEAN -> Option.some(new Mean(x));
        case STD -> Option.some(new Std(x));
        case MIN, MAX -> Option.some(new Extreme(x));
        case ULP -> Option.none();
      };
    }
    return Option.none();
  }

  /** How many members of a reduction count. */
  private static Node members(Node.Reduce node) {
    return Nodes.count(node.of().level(), Level.Name.BATCH, node.where());
  }

  private static Node reduce(ReduceOp op, Node.Reduce node) {
    return Nodes.reduce(op, node.of(), Level.Name.BATCH, 0, node.where());
  }

  /**
   * A sum or a count: (sum, what rounding took from it).
   *
   * @param node the node
   */
  record Sum(Node node) implements Gathering {
    @Override
    public Map<String, Node> asked() {
      return LinkedHashMap.of("sum", node);
    }

    @Override
    public double[] share(ToDoubleFunction<String> found) {
      return new double[] {found.applyAsDouble("sum"), 0};
    }

    @Override
    public double[] and(double[] one, double[] other) {
      return added(one, other);
    }

    @Override
    public double result(double[] share) {
      return total(share);
    }

    /** The sum of two sums: the rounding of the addition is kept beside it. */
    static double[] added(double[] one, double[] other) {
      double sum = one[0] + other[0];
      double larger = Math.abs(one[0]) >= Math.abs(other[0]) ? one[0] : other[0];
      double smaller = Math.abs(one[0]) >= Math.abs(other[0]) ? other[0] : one[0];
      return new double[] {sum, one[1] + other[1] + (larger - sum + smaller)};
    }

    /** The sum with what rounding took; what is not finite stays as it is. */
    static double total(double[] share) {
      double total = share[0] + share[1];
      return Double.isNaN(total) ? share[0] : total;
    }
  }

  /**
   * A mean: (sum, what rounding took from it, members).
   *
   * @param node the node
   */
  record Mean(Node.Reduce node) implements Gathering {
    @Override
    public Map<String, Node> asked() {
      return LinkedHashMap.of("sum", reduce(ReduceOp.SUM, node), "members", members(node));
    }

    @Override
    public double[] share(ToDoubleFunction<String> found) {
      return new double[] {found.applyAsDouble("sum"), 0, found.applyAsDouble("members")};
    }

    @Override
    public double[] and(double[] one, double[] other) {
      double[] sum = Sum.added(one, other);
      return new double[] {sum[0], sum[1], one[2] + other[2]};
    }

    @Override
    public double result(double[] share) {
      return Sum.total(share) / Math.max(1, share[2]);
    }
  }

  /**
   * The least or the largest: (it, members); 0 of nothing.
   *
   * @param node the node
   */
  record Extreme(Node.Reduce node) implements Gathering {
    @Override
    public Map<String, Node> asked() {
      return LinkedHashMap.of("extreme", node, "members", members(node));
    }

    @Override
    public double[] share(ToDoubleFunction<String> found) {
      return new double[] {found.applyAsDouble("extreme"), found.applyAsDouble("members")};
    }

    @Override
    public double[] and(double[] one, double[] other) {
      if (one[1] == 0 || other[1] == 0) {
        return one[1] == 0 ? other : one;
      }
      double extreme =
          node.op() == ReduceOp.MAX ? Math.max(one[0], other[0]) : Math.min(one[0], other[0]);
      return new double[] {extreme, one[1] + other[1]};
    }

    @Override
    public double result(double[] share) {
      return share[0];
    }
  }

  /**
   * A standard deviation: (members, mean, std without a degree of freedom taken off, least,
   * largest). Never squared: numbers whose squares overflow have one too.
   *
   * @param node the node
   */
  record Std(Node.Reduce node) implements Gathering {
    @Override
    public Map<String, Node> asked() {
      return LinkedHashMap.of(
              "members", members(node),
              "mean", reduce(ReduceOp.MEAN, node),
              "std", reduce(ReduceOp.STD, node))
          .put("min", reduce(ReduceOp.MIN, node))
          .put("max", reduce(ReduceOp.MAX, node));
    }

    @Override
    public double[] share(ToDoubleFunction<String> found) {
      return asked().keySet().toJavaStream().mapToDouble(found).toArray();
    }

    @Override
    public double[] and(double[] one, double[] other) {
      if (one[0] == 0 || other[0] == 0) {
        return one[0] == 0 ? other : one;
      }
      double members = one[0] + other[0];
      double left = one[0] / members;
      double right = other[0] / members;
      double apart = other[1] - one[1];
      double within = Math.hypot(Math.sqrt(left) * one[2], Math.sqrt(right) * other[2]);
      return new double[] {
        members,
        one[1] + right * apart,
        Math.hypot(within, Math.sqrt(left * right) * apart),
        Math.min(one[3], other[3]),
        Math.max(one[4], other[4])
      };
    }

    @Override
    public double result(double[] share) {
      double free = share[0] - node.ddof();
      return free > 0 && share[4] > share[3] ? share[2] * Math.sqrt(share[0] / free) : 0;
    }
  }
}
