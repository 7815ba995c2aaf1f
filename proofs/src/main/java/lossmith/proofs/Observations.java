package lossmith.proofs;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.flow.Flow;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * What is true of an objective that its author did not claim: which mean its first step takes,
 * which divergence its penalty estimates and what would make it one, which means count what is
 * masked, whether signs and bounds are what the symbols {@code A} and {@code r} promise.
 */
final class Observations {
  private static final int CASES = 40;

  private Observations() {}

  static Seq<String> of(Subject subject, long seed) {
    Loss loss = subject.loss();
    Seq<Node> nodes = Mutants.nodes(loss);
    boolean a = nodes.exists(n -> n instanceof Node.Named named && named.symbol().equals("A"));
    Set<String> columns =
        Inputs.of(loss.parts().values().map(part -> part.node()))
            .columns()
            .map(c -> c.name())
            .toSet();
    boolean penalty = columns.contains(Columns.REFERENCE_LOG_PROB) && !a;
    Seq<Trial> trials = List.range(0, CASES).map(i -> subject.trial(seed + i));
    Seq<String> said = List.empty();
    if (a) {
      said = said.append(onPolicy(subject, trials));
      said =
          said.append(
              line(subject, trials, new Claim.Sign("A"), "every step goes to the side of A"));
    }
    boolean flows = Flow.check(loss).isEmpty();
    if (penalty && flows && DivergenceLaws.enumerable(columns)) {
      said = said.append(estimand(subject, trials));
    }
    return said.appendAll(Padding.of(loss, trials).map(Padding::toString));
  }

  private static String onPolicy(Subject subject, Seq<Trial> trials) {
    Seq<Tuple2<String, Claim>> means =
        List.of(Aggregation.values())
            .map(
                mean ->
                    Tuple.of(
                        mean.name(),
                        new Claim.OnPolicy("A", x -> mean.of(x, Conventions.paper()))));
    return means
        .find(mean -> violation(subject, trials, mean._2).isEmpty())
        .map(mean -> "on policy it is REINFORCE with A and the mean " + mean._1)
        .getOrElse(
            () ->
                "on policy it is REINFORCE with A and none of the means "
                    + means.map(Tuple2::_1).mkString(", ")
                    + "; against "
                    + means.head()._1
                    + " "
                    + violation(subject, trials, means.head()._2).mkString());
  }

  private static String estimand(Subject subject, Seq<Trial> trials) {
    for (Claim.Divergence of : Claim.Divergence.values()) {
      if (violation(subject, trials, new Claim.Estimates(of, "")).isEmpty()) {
        return "its expected gradient is that of the "
            + (of == Claim.Divergence.REVERSE ? "reverse KL(π ‖ π_ref)" : "forward KL(π_ref ‖ π)");
      }
    }
    Claim reverse = new Claim.Estimates(Claim.Divergence.REVERSE, "");
    return "its expected gradient is of neither KL(π ‖ π_ref) nor KL(π_ref ‖ π): "
        + violation(subject, trials, reverse).mkString()
        + Insertions.of(subject.loss())
            .filter(change -> change.loss().exists(loss -> holds(subject, loss, trials, reverse)))
            .map(change -> "; it is of KL(π ‖ π_ref) after one change: " + change)
            .mkString();
  }

  private static boolean holds(Subject subject, Loss loss, Seq<Trial> trials, Claim claim) {
    if (!Flow.check(loss).isEmpty()) {
      return false;
    }
    try (Subject other = subject.with(loss)) {
      return violation(other, trials, claim).isEmpty();
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static String line(Subject subject, Seq<Trial> trials, Claim claim, String what) {
    Seq<Violation> found = violation(subject, trials, claim);
    return found.isEmpty() ? what : "NOT: " + what + "; " + found.mkString();
  }

  private static Seq<Violation> violation(Subject subject, Seq<Trial> trials, Claim claim) {
    Seq<Law> laws = ClaimLaws.of(claim);
    return trials
        .toStream()
        .flatMap(t -> laws.flatMap(law -> law.violations(subject, t)))
        .take(1)
        .toList();
  }
}
