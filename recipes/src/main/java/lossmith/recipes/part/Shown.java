package lossmith.recipes.part;

import io.vavr.collection.Set;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Otherwise;
import lossmith.dsl.Rebuild;
import lossmith.dsl.simplify.SoftmaxSums;

/** What can be shown of a detached factor by its form, whatever the data. */
final class Shown {
  private Shown() {}

  /** Whether it is 1 where every policy is the policy itself. */
  static boolean oneOnPolicy(Node factor) {
    Node there = new SoftmaxSums().of(new Fold<>(new OnePolicy()).of(factor));
    Node whole = there instanceof Node.Broadcast spread ? spread.of() : there;
    return whole instanceof Node.Constant number && number.value() == 1;
  }

  /** Each log-probability of a policy is that of π_old; names would hide what is simple. */
  private static final class OnePolicy extends Rebuild {
    private static final Set<String> POLICIES =
        Columns.LOG_PROBS.toSet().remove(Columns.REFERENCE_LOG_PROB);

    @Override
    public Node input(Node.Input node) {
      return POLICIES.contains(node.name())
          ? Nodes.given(Columns.OLD_LOG_PROB, node.level())
          : node;
    }

    @Override
    public Node named(Node.Named node, Node of) {
      return of;
    }
  }

  /** Whether it is never negative. */
  static boolean nonNegative(Node factor) {
    return Fold.<Boolean>by(NonNegative::new).of(factor);
  }

  private static final class NonNegative extends Otherwise<Boolean> {
    private final Function<Node, Boolean> of;

    private NonNegative(Function<Node, Boolean> of) {
      this.of = of;
    }

    @Override
    public Boolean constant(Node.Constant node) {
      return node.value() >= 0;
    }

    @Override
    public Boolean parameter(Node.ParameterValue node) {
      return node.range().low() >= 0;
    }

    @Override
    public Boolean named(Node.Named node) {
      return of.apply(node.of());
    }

    @Override
    public Boolean stopGradient(Node.StopGradient node) {
      return of.apply(node.of());
    }

    @Override
    public Boolean broadcast(Node.Broadcast node) {
      return of.apply(node.of());
    }

    @Override
    public Boolean unary(Node.Unary node) {
      return switch (node.op()) {
        case EXP, EXP_SLOPE, SQRT, ABS, SQUARE, SIGMOID, SOFTPLUS, EXP_REMAINDER -> true;
        case TANH, SIGN, FLOOR, LOG1P, EXPM1 -> of.apply(node.of());
        case NEGATE, LOG, LOG_SIGMOID, EXP_REMAINDER_SLOPE, LOG1M_EXP -> false;
      };
    }

    @Override
    public Boolean binary(Node.Binary node) {
      boolean left = of.apply(node.left());
      boolean right = of.apply(node.right());
      return switch (node.op()) {
        case PLUS, TIMES, DIVIDE, MIN -> left && right;
        case MAX -> left || right;
        case SIGMOID_DIFF -> true;
        case PROB_TIMES -> right;
        case MINUS, LOG_ADD_EXP -> false;
      };
    }

    @Override
    public Boolean clip(Node.Clip node) {
      return of.apply(node.low()) || (of.apply(node.of()) && of.apply(node.high()));
    }

    @Override
    public Boolean select(Node.Select node) {
      return of.apply(node.left()) && of.apply(node.right());
    }

    @Override
    public Boolean sumByKey(Node.SumByKey node) {
      return of.apply(node.left());
    }

    @Override
    public Boolean reduce(Node.Reduce node) {
      return switch (node.op()) {
        case SUM, MEAN, MIN, MAX -> of.apply(node.of());
        case STD, ULP -> true;
      };
    }

    @Override
    public Boolean count(Node.Count node) {
      return true;
    }

    @Override
    protected Boolean otherwise(Node node) {
      return false;
    }
  }
}
