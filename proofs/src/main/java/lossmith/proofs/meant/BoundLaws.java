package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What the bounds of a ratio are, as numbers. */
final class BoundLaws {
  private static final double HALF = 0.5;

  private static final double ROUNDING = 1e-9;

  private BoundLaws() {}

  /** PPO, eq 7: clip(r, 1 − ε, 1 + ε). */
  static PartLaws.Presumed width() {
    return PartLaws.law(
        "bound-width",
        "the lower bound of a ratio is 1 less a width, not the width itself: it is not what the"
            + " upper bound has above 1",
        "clip(r, 1 − ε, 1 + ε): low = high − 1 ⇒ low = 1 − low",
        0,
        "bounds are no results",
        role -> clips(role).nonEmpty(),
        (part, trial, tolerance) ->
            clips(part.presumed()).flatMap(clip -> width(part, clip, PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  /** Ratios of policies between two bounds. */
  private static Seq<Node.Clip> clips(PresumedRole role) {
    return Graph.only(Node.Clip.class, Graph.below(List.of(role.whole())))
        .filter(
            clip ->
                PresumedRole.compares(clip.of())
                    && isRatio(clip.of())
                    && isNumber(clip.low())
                    && isNumber(clip.high()));
  }

  private static boolean isRatio(Node node) {
    Node plain = PresumedRole.plain(node);
    return plain instanceof Node.StopGradient held
        ? isRatio(held.of())
        : plain instanceof Node.Unary exp && exp.op() == UnaryOp.EXP;
  }

  private static boolean isNumber(Node bound) {
    return Graph.only(Node.Input.class, Graph.below(List.of(bound))).isEmpty();
  }

  private static Seq<Violation> width(Isolated part, Node.Clip clip, Trial trial) {
    Reference known = new Reference(trial.samples(), trial.parameters());
    double[] low = known.of(clip.low());
    double[] high = known.of(clip.high());
    return low.length > 0
            && low[0] > 0
            && Math.abs(high[0] - 1 - low[0]) < ROUNDING
            && Math.abs(low[0] - HALF) > ROUNDING
        ? List.of(
            new Violation.Fact(
                part.presumed().part()
                    + ": "
                    + PartLaws.text(clip.of())
                    + " is held between "
                    + low[0]
                    + " and 1 + "
                    + low[0]
                    + "; 1 - "
                    + low[0]
                    + " is meant"))
        : List.empty();
  }
}
