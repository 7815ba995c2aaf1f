package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Of what a number's own mean is taken that it is divided by, or less. */
final class MeanOfLaw {
  private MeanOfLaw() {}

  /** A sum over tokens is no mean of tokens where it is divided by how many responses there are. */
  static PartLaws.Presumed counted() {
    return PartLaws.law(
        "mean-counts",
        "what is divided by its mean, or less it, is so of a mean: what is added up over tokens is"
            + " divided by the number of tokens",
        "x / (Σ_t x / Σ_t 1), x − Σ_t x / Σ_t 1",
        0,
        "structure, nothing is rounded",
        role -> sums(role).nonEmpty(),
        (part, trial, tolerance) ->
            sums(part.presumed())
                .filter(MeanOfLaw::isOverOthers)
                .take(1)
                .map(
                    quotient ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": the sum and the number of its summands are of different things"
                                + " in "
                                + PartLaws.text(quotient))),
        Trial.Kind.ORDINARY);
  }

  /** Detached sums that are divided by a count, of the numbers that are divided by that or less. */
  private static Seq<Node.Binary> sums(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(outer -> outer.op() == BinaryOp.DIVIDE || outer.op() == BinaryOp.MINUS)
        .flatMap(
            outer ->
                mean(outer.right())
                    .filter(
                        mean ->
                            PresumedRole.plain(sum(mean).of())
                                .equals(PresumedRole.plain(outer.left()))));
  }

  private static Option<Node.Binary> mean(Node node) {
    return PresumedRole.plain(node) instanceof Node.Binary quotient
            && quotient.op() == BinaryOp.DIVIDE
            && !quotient.live()
            && PresumedRole.plain(quotient.left()) instanceof Node.Reduce sum
            && sum.op() == ReduceOp.SUM
            && PresumedRole.plain(quotient.right()) instanceof Node.Count
        ? Option.some(quotient)
        : Option.none();
  }

  private static Node.Reduce sum(Node.Binary mean) {
    return (Node.Reduce) PresumedRole.plain(mean.left());
  }

  private static boolean isOverOthers(Node.Binary mean) {
    Node.Count count = (Node.Count) PresumedRole.plain(mean.right());
    return count.from() != sum(mean).of().level();
  }
}
