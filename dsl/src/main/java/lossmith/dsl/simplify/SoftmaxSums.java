package lossmith.dsl.simplify;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/** The simplifier where log π is known to come out of a softmax, so that Σ_v π(v) = 1. */
public final class SoftmaxSums extends Simplify {
  static final Rule<?> RULE =
      Sums.rule(
          "Σ_v π(v) = 1",
          (s, x, to) ->
              Option.when(
                  x instanceof Node.Binary product
                      && product.op() == BinaryOp.PROB_TIMES
                      && Constants.is(product.right(), 1)
                      && product.left() instanceof Node.Input input
                      && input.name().equals(Columns.LOG_PI)
                      && to == Level.Name.TOKEN,
                  () -> s.constant(1, to)));

  /** The simplifier. */
  public SoftmaxSums() {}

  @Override
  Node simple(Node node) {
    return RULE.of(this, node).getOrElse(() -> super.simple(node));
  }
}
