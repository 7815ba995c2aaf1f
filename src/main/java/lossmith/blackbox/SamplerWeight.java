package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.function.DoubleUnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

/**
 * A weight of each token for what sampled it: w = exp(log π_old − log π_rollout) between bounds.
 *
 * @param low the weight below which it is held, or is nothing; 0 for no bound
 * @param high the weight above which it is; infinite for no bound
 * @param dropped whether a token outside counts nothing, instead of the bound
 */
record SamplerWeight(double low, double high, boolean dropped) {
  private static final double CLOSE = 1e-6;

  /** Beyond the bounds that people set. */
  private static final double FAR = 12;

  private static final double NEAR = 0.05;

  /** {@return the weight of a loss, where it has such a one token by token} */
  static Option<SamplerWeight> of(BlackBox box) {
    if (!box.reads(Columns.OLD_LOG_PROB) || !box.reads(Columns.ROLLOUT_LOG_PROB)) {
      return Option.none();
    }
    double one = slope(box, 0);
    DoubleUnaryOperator weight = d -> slope(box, d) / one;
    if (!List.of(-NEAR, NEAR).forAll(d -> near(weight.applyAsDouble(d), Math.exp(d)))) {
      return Option.none();
    }
    double low = weight.applyAsDouble(-FAR);
    double high = weight.applyAsDouble(FAR);
    boolean below = !near(low, Math.exp(-FAR));
    boolean above = !near(high, Math.exp(FAR));
    boolean dropped = (above && high == 0) || (below && low == 0);
    return Option.some(
        new SamplerWeight(
            !below ? 0 : dropped ? Math.exp(edge(weight, -NEAR, -FAR)) : low,
            !above ? Double.POSITIVE_INFINITY : dropped ? Math.exp(edge(weight, NEAR, FAR)) : high,
            dropped));
  }

  private static boolean near(double x, double y) {
    return Math.abs(x - y) <= CLOSE * Math.abs(y);
  }

  /**
   * The slope of a token on the policy itself that was sampled with a log-prob lower by so much.
   */
  private static double slope(BlackBox box, double distance) {
    TensorBatch all = Probes.advantages(box, Probes.token().onPolicy(), row -> row == 0 ? 1 : -1);
    double[] lp = all.slots(Columns.LOG_PROB);
    TensorBatch batch =
        all.with(Columns.ROLLOUT_LOG_PROB, slot -> slot == 0 ? lp[0] - distance : lp[slot]);
    return slope(box, batch) - slope(box, Probes.indifferent(box, batch));
  }

  private static double slope(BlackBox box, TensorBatch batch) {
    return box.of(batch) instanceof Answer.Numbers numbers
        ? numbers.gradient(Columns.LOG_PROB, batch.size())[0]
        : Double.NaN;
  }

  private static double edge(DoubleUnaryOperator weight, double from, double to) {
    double inside = from;
    double outside = to;
    for (int i = 0; i < 40; i++) {
      double middle = (inside + outside) / 2;
      if (near(weight.applyAsDouble(middle), Math.exp(middle))) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside;
  }

  /** {@return an advantage times this weight} */
  Node times(Node advantage) {
    Node ratio =
        Nodes.unary(
            UnaryOp.EXP,
            Nodes.binary(
                BinaryOp.MINUS,
                Nodes.given(Columns.OLD_LOG_PROB, Level.Name.TOKEN),
                Nodes.given(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN)));
    Node held = Nodes.clip(ratio, bound(low), bound(high));
    Node zero = Nodes.constant(0, Level.Name.TOKEN);
    Node weight =
        dropped
            ? Nodes.select(
                Nodes.and(
                    Nodes.compare(CompareOp.AT_MOST, bound(low), ratio),
                    Nodes.compare(CompareOp.AT_MOST, ratio, bound(high))),
                ratio,
                zero)
            : held;
    return Nodes.binary(BinaryOp.TIMES, advantage, weight);
  }

  private static Node bound(double x) {
    return Nodes.constant(Math.min(x, 1e12), Level.Name.TOKEN);
  }

  @Override
  public String toString() {
    String least = low == 0 ? "" : (dropped ? ", nothing below " : ", at least ") + digits(low);
    String most =
        Double.isInfinite(high) ? "" : (dropped ? ", nothing above " : ", at most ") + digits(high);
    return "exp(log π_old − log π_rollout)" + least + most;
  }

  private static String digits(double x) {
    return RatioShape.digits(x);
  }
}
