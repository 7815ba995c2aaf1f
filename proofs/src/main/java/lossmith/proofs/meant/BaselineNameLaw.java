package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What rewards are compared with, where its name says so. */
final class BaselineNameLaw {
  private BaselineNameLaw() {}

  /** A = R − b (REINFORCE with a baseline; ReMax, algorithm 1, with b of the greedy response). */
  static PartLaws.Presumed subtracted() {
    return PartLaws.law(
        "baseline-subtracted",
        "what is called a baseline, or the reward of a greedy response or of earlier ones, is"
            + " subtracted: with a larger one no token is raised more",
        "A = R − b ⇒ −∂L/∂log π_t falls with b",
        1e-9,
        "the same arithmetic",
        role -> role.role().policyGradient() && !names(role).isEmpty(),
        (part, trial, tolerance) ->
            names(part.presumed())
                .flatMap(
                    name ->
                        raised(
                            part, name, PartLaws.onPolicy(PartLaws.usual(part, trial)), tolerance))
                .take(1),
        Trial.Kind.ORDINARY);
  }

  private static Seq<String> names(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(role.advantages()))
        .filter(input -> !input.trained())
        .map(Node.Input::name)
        .filter(
            name ->
                name.contains("baseline")
                    || name.startsWith("greedy_")
                    || name.startsWith("tracked_"))
        .distinct();
  }

  private static Seq<Violation> raised(Isolated part, String name, Trial trial, double tolerance) {
    double[] here = part.slope(Columns.LOG_PROB, trial);
    double[] more = part.slope(Columns.LOG_PROB, PartLaws.changed(trial, name, b -> b + 1));
    double allowed = tolerance * (Scale.size(here) + Scale.size(more));
    return List.range(0, here.length)
        .filter(t -> more[t] < here[t] - allowed)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with " + name + " more by 1, dL/dlog_prob",
                    t,
                    more[t] + " instead of " + here[t] + ": the token is raised more"))
        .take(1);
  }
}
