package lossmith.proofs.meant;

import lossmith.dsl.BinaryOp;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** An entropy is of all entries, not of the one that was sampled. */
final class EntropyWholeLaw {
  private EntropyWholeLaw() {}

  /** H = −Σ_v π(v) log π(v) (The Entropy Mechanism, eq 2), of which one summand is no estimate. */
  static PartLaws.Presumed whole() {
    return PartLaws.law(
        "entropy-whole",
        "π log π is added up over the vocabulary: of the sampled token alone it is neither the"
            + " entropy nor an estimate of it",
        "H = −Σ_v π(v)·log π(v)",
        0,
        "structure, nothing is rounded",
        role -> role.carriers().exists(EntropyWholeLaw::isOfSampled),
        (part, trial, tolerance) ->
            part.presumed()
                .carriers()
                .filter(EntropyWholeLaw::isOfSampled)
                .map(
                    node ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": one entry of an entropy, that of the sampled token, is "
                                + PartLaws.text(node))),
        Trial.Kind.ORDINARY);
  }

  /** π(y)·log π(y), both with a gradient. */
  private static boolean isOfSampled(Node node) {
    return PresumedRole.plain(node) instanceof Node.Binary product
        && product.left().live()
        && product.right().live()
        && ((product.op() == BinaryOp.PROB_TIMES
                && isLogProb(product.left())
                && isLogProb(product.right()))
            || (product.op() == BinaryOp.TIMES
                && ((isLogProb(product.left()) && isExponential(product.right()))
                    || (isExponential(product.left()) && isLogProb(product.right())))));
  }

  private static boolean isExponential(Node node) {
    return PresumedRole.plain(node) instanceof Node.Unary exp
        && exp.op() == UnaryOp.EXP
        && isLogProb(exp.of());
  }

  private static boolean isLogProb(Node node) {
    Node plain = PresumedRole.plain(node);
    return plain instanceof Node.Gather
        || (plain instanceof Node.Unary minus
            && minus.op() == UnaryOp.NEGATE
            && isLogProb(minus.of()));
  }
}
