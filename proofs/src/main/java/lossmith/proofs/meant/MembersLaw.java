package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Of which tokens or responses the mean and the std of a normalised number are. */
final class MembersLaw {
  private MembersLaw() {}

  /** A mean of all positions beside a variance of those that count shifts what is normalised. */
  static PartLaws.Presumed same() {
    return PartLaws.law(
        "normaliser-members",
        "what is less a mean and over a std takes both of the same tokens or responses: a mask that"
            + " one of them has the other has too",
        "D(x) = (x − mean_M(x)) / std_M(x)",
        0,
        "structure, nothing is rounded",
        role -> quotients(role).nonEmpty(),
        (part, trial, tolerance) ->
            quotients(part.presumed())
                .flatMap(
                    quotient ->
                        reduces(quotient.left())
                            .filter(mean -> mean.op() == ReduceOp.MEAN)
                            .filter(
                                mean ->
                                    reduces(quotient.right()).exists(std -> isOfOthers(mean, std))))
                .take(1)
                .map(
                    mean ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": the std has a mask that this mean lacks, or the other way"
                                + " round: "
                                + PartLaws.text(mean))),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.Binary> quotients(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(role.estimates()))
        .filter(quotient -> quotient.op() == BinaryOp.DIVIDE);
  }

  private static Seq<Node.Reduce> reduces(Node node) {
    return Graph.only(Node.Reduce.class, Graph.below(List.of(node)));
  }

  /** Both of one number and over one level, and one of them with a mask that the other lacks. */
  private static boolean isOfOthers(Node.Reduce mean, Node.Reduce std) {
    boolean square =
        std.op() == ReduceOp.STD
            || (std.op() == ReduceOp.MEAN
                && PresumedRole.plain(std.of()) instanceof Node.Unary unary
                && unary.op() == UnaryOp.SQUARE);
    return square
        && mean.to() == std.to()
        && mean.of().level() == std.of().level()
        && Graph.below(List.of(std.of())).contains(mean.of())
        && !mean.where().equals(std.where());
  }
}
