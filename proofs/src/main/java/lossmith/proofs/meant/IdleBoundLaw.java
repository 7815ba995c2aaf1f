package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** A bound that nothing reaches. */
final class IdleBoundLaw {
  private IdleBoundLaw() {}

  /** Of clip(r, 0, c) the lower bound is idle too, and the upper one is what is meant. */
  static PartLaws.Presumed reached() {
    return PartLaws.law(
        "bound-reached",
        "what is bounded from below alone, by 0 or less, may be negative: of a ratio, a square or a"
            + " probability such a bound decides nothing, and the upper one is missing",
        "x ≥ 0 ⇒ max(x, 0) = x",
        0,
        "structure, nothing is rounded",
        role -> bounded(role).nonEmpty(),
        (part, trial, tolerance) ->
            bounded(part.presumed())
                .filter(IdleBoundLaw::idle)
                .take(1)
                .map(
                    node ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": no value reaches the bound of "
                                + PartLaws.text(node))),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node> bounded(PresumedRole role) {
    return Graph.below(List.of(role.whole()), Node::children)
        .filter(
            node ->
                node instanceof Node.Clip
                    || (node instanceof Node.Binary most && most.op() == BinaryOp.MAX));
  }

  private static boolean idle(Node node) {
    if (node instanceof Node.Clip clip) {
      return isLow(clip.low())
          && constant(clip.high()) == Double.POSITIVE_INFINITY
          && isNeverNegative(clip.of());
    }
    Node.Binary most = (Node.Binary) node;
    return (isLow(most.left()) && isNeverNegative(most.right()))
        || (isLow(most.right()) && isNeverNegative(most.left()));
  }

  private static boolean isLow(Node bound) {
    return constant(bound) <= 0;
  }

  private static double constant(Node node) {
    return PresumedRole.plain(node) instanceof Node.Constant constant
        ? constant.value()
        : Double.NaN;
  }

  private static boolean isNeverNegative(Node node) {
    Node plain = PresumedRole.plain(node);
    if (plain instanceof Node.StopGradient held) {
      return isNeverNegative(held.of());
    }
    return plain instanceof Node.Unary unary
        && switch (unary.op()) {
          case EXP, SQUARE, ABS, SQRT, SIGMOID, SOFTPLUS -> true;
          default -> false;
        };
  }
}
