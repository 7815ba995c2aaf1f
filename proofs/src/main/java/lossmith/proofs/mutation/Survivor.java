package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * A mutant that no law notices.
 *
 * @param mutant the mutant
 * @param reason where its difference ends: in the changed term itself, or in the first terms above
 *     it that have the same numbers nevertheless; or how often value or gradient differ
 */
public record Survivor(Mutant mutant, String reason) {
  private static final double NEAR = 1e-12;

  /** Of a term that is named in a reason. */
  private static final int LENGTH = 80;

  /** A mutant whose value or gradient differs in some of the cases. */
  static Survivor open(Mutant mutant, Seq<Trial> differing, int cases) {
    String kinds = differing.map(Trial::kind).distinct().mkString(", ");
    return new Survivor(
        mutant,
        String.format(
            "value or gradient differ in %d of %d cases, all of kind %s",
            differing.size(), cases, kinds));
  }

  /** A mutant whose value and gradient are the objective's in all cases. */
  static Survivor equivalent(Mutant mutant, Seq<Trial> trials) {
    Node site = mutant.site();
    Fold<Node> mutated = new Fold<>(new Rebuild()).given(site, mutant.other().get());
    Seq<Reference> references =
        trials.map(trial -> new Reference(trial.samples(), trial.parameters())).toList();
    int differing = references.count(reference -> differs(site, mutated, reference));
    if (differing == 0) {
      String also = site.live() ? ", and gradient," : "";
      return new Survivor(mutant, "the term has the same numbers" + also + " in every case");
    }
    Seq<Node> nodes = Mutants.nodes(mutant.original());
    Seq<Node> other =
        nodes
            .filter(node -> references.exists(reference -> differs(node, mutated, reference)))
            .append(site);
    Seq<String> ends =
        nodes
            .filter(node -> !other.contains(node) && node.children().exists(other::contains))
            .map(Survivor::line);
    String where = differing + " of " + trials.size() + " cases";
    return new Survivor(
        mutant, "the term differs in " + where + ", none of which reaches " + ends.mkString("; "));
  }

  private static boolean differs(Node node, Fold<Node> mutated, Reference reference) {
    double[] here = reference.of(node);
    double[] there = reference.of(mutated.of(node));
    double size = List.ofAll(here).filter(Double::isFinite).map(Math::abs).max().getOrElse(0.0);
    return Violation.between("", here, there, NEAR * (1 + size)).nonEmpty();
  }

  private static String line(Node node) {
    String line = Formula.line(node);
    return line.length() <= LENGTH ? line : line.substring(0, LENGTH) + "…";
  }

  @Override
  public String toString() {
    return mutant + "\n      because " + reason;
  }
}
