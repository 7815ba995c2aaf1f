package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.Predicate;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * Numbers that are trained beside the policy so that a bound holds, as in maximum a posteriori
 * policy optimisation: the multiplier α of a distance, α·(ε − sg(D)), and the temperature η of an
 * improved policy, η·(ε + log E[exp(q/η)]).
 */
final class MultiplierLaws {
  /** Logits that are so many times those of the other policy, turned, are far from it. */
  private static final double AWAY = -10;

  /** A log-probability below it, as that of what cannot occur, counts as this one. */
  private static final double LEAST = -10;

  private static final double HOT = 1e4;
  private static final double COLD = 0.05;

  /** Of so many tokens some are worth more than others. */
  private static final int ENOUGH = 8;

  private MultiplierLaws() {}

  static PartLaws.Presumed turns() {
    return PartLaws.law(
        "multiplier-turns",
        "a multiplier of a bound on a distance is lowered where the policies are one, and raised"
            + " where they are further apart than the bound",
        "∂L/∂α > 0 where π = π_ref, ∂L/∂α < 0 far from it",
        0,
        "a sign is not rounded",
        role -> multipliers(role).nonEmpty() && readsReference(role),
        (part, trial, tolerance) ->
            List.ofAll(multipliers(part.presumed()))
                .flatMap(name -> turned(part, name, PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed balanced() {
    return PartLaws.law(
        "temperature-balance",
        "a temperature that is trained has a balance: a high one is lowered, and the lower it is"
            + " the less so, down to a number near 0",
        "∂L/∂η > 0 for large η, and falls with η",
        0,
        "a sign is not rounded",
        role -> temperatures(role).nonEmpty(),
        (part, trial, tolerance) ->
            List.ofAll(temperatures(part.presumed()))
                .flatMap(name -> balanced(part, name, PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  /** What is trained of the whole batch and multiplies what is held. */
  private static Set<String> multipliers(PresumedRole role) {
    return names(role, Node.Input.class::isInstance);
  }

  /** What is trained of the whole batch and enters in another way. */
  private static Set<String> temperatures(PresumedRole role) {
    return names(role, carrier -> !(carrier instanceof Node.Input));
  }

  private static Set<String> names(PresumedRole role, Predicate<Node> carries) {
    Seq<Node> carriers =
        role.role() == Role.MULTIPLIER ? role.carriers().filter(carries) : List.empty();
    return Graph.only(Node.Input.class, Graph.below(carriers))
        .filter(input -> input.trained() && input.level() == Level.Name.BATCH)
        .map(Node.Input::name)
        .toSortedSet();
  }

  private static boolean readsReference(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(List.of(role.whole())))
        .exists(input -> input.name().equals(Columns.REFERENCE_LOG_PI));
  }

  private static Seq<Violation> turned(Isolated part, String name, Trial usual) {
    Samples samples = usual.samples();
    Grid reference = samples.grid(Columns.REFERENCE_LOG_PI).get();
    Grid away =
        new Grid(
            reference.rows(),
            reference.width(),
            (t, v) -> Math.max(reference.get(t, v), LEAST) * AWAY);
    Trial one = PartLaws.changed(usual, name, x -> 1);
    double near = slope(part, name, with(one, reference));
    double far = slope(part, name, with(one, away));
    return wrong(part, name, "where the policy is the reference", near, near > 0, "above 0")
        .appendAll(wrong(part, name, "where the policy is far from it", far, far < 0, "below 0"));
  }

  private static Trial with(Trial trial, Grid logits) {
    return PartLaws.with(trial, trial.samples().with(BoundLoss.LOGITS, logits));
  }

  private static Seq<Violation> balanced(Isolated part, String name, Trial usual) {
    double hot = slope(part, name, PartLaws.changed(usual, name, x -> HOT));
    double cold = slope(part, name, PartLaws.changed(usual, name, x -> COLD));
    boolean falls = usual.samples().tokens() < ENOUGH || (cold < hot && cold != 0);
    return wrong(part, name, "at " + HOT, hot, hot > 0, "above 0")
        .appendAll(wrong(part, name, "at " + COLD, cold, falls, "less, and not 0"));
  }

  private static Seq<Violation> wrong(
      Isolated part, String name, String where, double slope, boolean right, String expected) {
    return right
        ? List.empty()
        : List.of(
            new Violation.Fact(
                part.presumed().part()
                    + ": dL/d"
                    + name
                    + " "
                    + where
                    + " is "
                    + slope
                    + ", expected "
                    + expected));
  }

  private static double slope(Isolated part, String name, Trial trial) {
    return part.atLogits(name)
        .map(
            node ->
                new Reference(trial.samples(), trial.parameters().put(Columns.TEMPERATURE, 1.0))
                    .number(node))
        .getOrElse(0.0);
  }
}
