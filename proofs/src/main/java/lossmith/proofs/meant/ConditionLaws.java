package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What conditions ask that are put together. */
final class ConditionLaws {
  private ConditionLaws() {}

  /** low ≤ x ≤ high, where x ≥ low and x ≥ high is written the second decides alone. */
  static PartLaws.Presumed bothSides() {
    return PartLaws.law(
        "bound-decides",
        "of two comparisons of one term with numbers that are put together, each decides something:"
            + " where both bound it from one side, one of them decides nothing, and the bound from"
            + " the other side is missing",
        "1[x ≥ a ∧ x ≥ b] = 1[x ≥ max(a, b)]; a ≤ x ≤ b is 1[x ≥ a ∧ x ≤ b]",
        0,
        "structure, nothing is rounded",
        role -> together(role).nonEmpty(),
        (part, trial, tolerance) ->
            idle(part.presumed())
                .take(1)
                .map(
                    both ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": "
                                + PartLaws.text(both)
                                + " bounds "
                                + PartLaws.text(bound(both.left()).get().of())
                                + " from one side twice")),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.Logic> together(PresumedRole role) {
    return Graph.only(Node.Logic.class, Graph.below(List.of(role.whole()), Node::children));
  }

  private static Seq<Node.Logic> idle(PresumedRole role) {
    return together(role)
        .filter(
            both ->
                bound(both.left())
                    .exists(one -> bound(both.right()).exists(other -> one.equals(other))));
  }

  /** A term, and whether it is bounded from below. */
  private record Bound(Node of, boolean fromBelow) {}

  /** What a comparison with a number bounds, and from which side. */
  private static Option<Bound> bound(Node condition) {
    if (condition instanceof Node.Broadcast || condition instanceof Node.Named) {
      return bound(((Node.Of) condition).of());
    }
    if (condition instanceof Node.Not not) {
      return bound(not.of()).map(of -> new Bound(of.of(), !of.fromBelow()));
    }
    if (condition instanceof Node.Compare compare && compare.op() != CompareOp.EQUAL) {
      boolean left = isNumber(compare.left());
      boolean right = isNumber(compare.right());
      return left == right
          ? Option.none()
          : Option.some(
              new Bound(PresumedRole.plain(left ? compare.right() : compare.left()), left));
    }
    return Option.none();
  }

  private static boolean isNumber(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node), Node::children)).isEmpty()
        && !Graph.below(List.of(node), Node::children).exists(Node.Count.class::isInstance);
  }
}
