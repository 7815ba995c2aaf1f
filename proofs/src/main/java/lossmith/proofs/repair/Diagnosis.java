package lossmith.proofs.repair;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.UnaryOperator;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.proofs.law.ClaimLaws;
import lossmith.proofs.law.DivergenceLaws;
import lossmith.proofs.law.ReferencePenalty;
import lossmith.proofs.mutation.Mutants;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * What is true of an objective that its author did not claim: which mean its first step takes,
 * which divergence its penalty estimates and what would make it one, which means count what is
 * masked.
 */
public final class Diagnosis {
  private static final int CASES = 40;

  private Diagnosis() {}

  public static Seq<String> of(Subject subject, long seed) {
    Loss loss = subject.loss();
    Seq<Node> nodes = Mutants.nodes(loss);
    boolean a = nodes.exists(n -> n instanceof Node.Named named && named.symbol().equals("A"));
    Seq<Trial> trials = subject.trials(seed, CASES);
    if (trials.isEmpty()) {
      return List.empty();
    }
    Seq<String> said = List.empty();
    if (a) {
      said =
          said.appendAll(
              subject
                  .presumed()
                  .filter(part -> part.presumed().role().policyGradient())
                  .map(part -> onPolicy(subject, part.presumed(), trials)));
    }
    said = said.appendAll(ReferencePenalty.of(loss).map(p -> estimand(subject, p, a, trials)));
    return said.appendAll(MissingMask.of(loss, trials).map(MissingMask::toString));
  }

  /** Of a part alone: what else there is of the objective has no gradient beside it. */
  private static String onPolicy(Subject subject, PresumedRole part, Seq<Trial> trials) {
    try (Subject alone = subject.with(part.alone(List.empty(), UnaryOperator.identity()))) {
      return (subject.loss().parts().size() > 1 ? part.part() + ": " : "")
          + onPolicy(alone, trials);
    }
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
                "on policy it is REINFORCE with A and no known mean; beside "
                    + means.head()._1
                    + " "
                    + violation(subject, trials, means.head()._2).mkString());
  }

  private static String estimand(Subject subject, Loss penalty, boolean a, Seq<Trial> trials) {
    String whose = a ? "without A its expected gradient is " : "its expected gradient is ";
    try (Subject alone = subject.with(penalty)) {
      Law reverse = DivergenceLaws.direction(Claim.Divergence.REVERSE);
      if (holds(alone, reverse, trials)) {
        return whose + "that of the reverse KL(π ‖ π_ref)";
      } else if (holds(alone, DivergenceLaws.direction(Claim.Divergence.FORWARD), trials)) {
        return whose + "that of the forward KL(π_ref ‖ π)";
      }
      Law nothing = DivergenceLaws.estimand(new Claim.Estimates(Claim.Divergence.NONE, ""));
      if (holds(alone, nothing, trials)) {
        return whose + "0: it teaches nothing"; // live-penalty is broken, and mended
      }
      return whose
          + "of neither KL(π ‖ π_ref) nor KL(π_ref ‖ π): "
          + violations(alone, List.of(reverse), trials).mkString()
          + ForgottenCalls.of(subject.loss())
              .filter(
                  change ->
                      change
                          .loss()
                          .exists(loss -> ReferencePenalty.becomesReverse(subject, loss, trials)))
              .map(change -> "; it is of KL(π ‖ π_ref) after one change: " + change)
              .mkString();
    }
  }

  private static boolean holds(Subject subject, Law law, Seq<Trial> trials) {
    return violations(subject, List.of(law), trials).isEmpty();
  }

  private static Seq<Violation> violation(Subject subject, Seq<Trial> trials, Claim claim) {
    return violations(subject, ClaimLaws.of(claim), trials);
  }

  private static Seq<Violation> violations(Subject subject, Seq<Law> laws, Seq<Trial> trials) {
    return trials
        .toStream()
        .flatMap(t -> laws.flatMap(law -> law.violations(subject, t)))
        .take(1)
        .toList();
  }
}
