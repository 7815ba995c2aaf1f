package lossmith.proofs.law;

import java.util.function.UnaryOperator;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.subject.Law;
import lossmith.proofs.trial.Trial;

/** Where a function has a kink, the slope is the declared one. */
public final class KinkLaws {
  private static final UnaryOperator<Loss> BRANCHED = KinkLaws::branched;

  private KinkLaws() {}

  public static Law declared() {
    return new Law(
            "declared-subgradient",
            "at a tie min and max have the slope of their first argument, a clip has slope 1 at its"
                + " bounds and |x| has slope 0 at 0: written as cases, whose slope is that of the"
                + " case that holds, they have the same value and gradient",
            "L[min(x, y) ↦ {x if x ≤ y; y otherwise}, …] = L, ∇ likewise",
            1e-9,
            "the same numbers in another graph",
            (subject, trial, tolerance) -> GuardLaws.rewritten(subject, BRANCHED, trial, tolerance))
        .on(Trial.Kind.KINK);
  }

  /** A loss in which everything with a kink is written as cases. */
  static Loss branched(Loss loss) {
    return loss.rewritten(new Fold<>(new Branching())::of);
  }

  private static final class Branching extends Rebuild {
    @Override
    public Node binary(Node.Binary node, Node x, Node y) {
      return switch (node.op()) {
        case MIN -> Nodes.select(Nodes.compare(CompareOp.AT_MOST, x, y), x, y);
        case MAX -> Nodes.select(Nodes.not(Nodes.compare(CompareOp.BELOW, x, y)), x, y);
        case PLUS, MINUS, TIMES, DIVIDE, LOG_ADD_EXP, SIGMOID_DIFF, PROB_TIMES ->
            super.binary(node, x, y);
      };
    }

    @Override
    public Node unary(Node.Unary node, Node x) {
      if (node.op() != UnaryOp.ABS) {
        return super.unary(node, x);
      }
      Node zero = Nodes.constant(0, x.level());
      Node below = Nodes.compare(CompareOp.BELOW, x, zero);
      Node above = Nodes.compare(CompareOp.BELOW, zero, x);
      Node negative = Nodes.unary(UnaryOp.NEGATE, x);
      return Nodes.select(above, x, Nodes.select(below, negative, zero));
    }

    @Override
    public Node clip(Node.Clip node, Node x, Node low, Node high) {
      Node below = Nodes.compare(CompareOp.BELOW, x, low);
      Node above = Nodes.compare(CompareOp.BELOW, high, x);
      return Nodes.select(below, low, Nodes.select(above, high, x));
    }
  }
}
