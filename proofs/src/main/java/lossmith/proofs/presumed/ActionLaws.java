package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Policy gradients by what every entry of the vocabulary is worth. */
final class ActionLaws {
  private static final double SHIFT = 3;

  private ActionLaws() {}

  static PartLaws.Presumed raises() {
    return PartLaws.law(
        "action-values",
        "where all policies are one, a step makes what is worth more more likely: tilted towards"
            + " the values of all actions, the policy has a lower loss",
        "π′ = π ⇒ Σ_v q_v·∂L/∂z_v < 0, q not constant",
        1e-9,
        "five summands of order 1",
        ActionLaws::speaks,
        (part, trial, tolerance) -> raises(part, PartLaws.usual(part, trial), tolerance),
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed shift() {
    return PartLaws.law(
        "action-shift",
        "what is added to the values of all actions of a token says nothing of which is better:"
            + " the step is the same",
        "∇L(q + c) = ∇L(q)",
        1e-9,
        "five summands of order 1",
        ActionLaws::speaks,
        (part, trial, tolerance) -> {
          Samples samples = trial.samples();
          Grid q = samples.grid(values(part.presumed()).head()).get();
          Grid more = new Grid(q.rows(), q.width(), (t, v) -> q.get(t, v) + SHIFT);
          Trial shifted = PartLaws.with(trial, samples.with(values(part.presumed()).head(), more));
          return part.atLogits()
              .toList()
              .flatMap(
                  slope ->
                      Violation.between(
                          part.presumed().part() + ": d/dlogits with all values more by " + SHIFT,
                          new Reference(shifted.samples(), shifted.parameters()).of(slope),
                          new Reference(samples, trial.parameters()).of(slope),
                          tolerance))
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  /** Numbers of every entry of the vocabulary that are no policy, by name. */
  private static Seq<String> values(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(role.carriers()))
        .filter(
            input ->
                input.level() == Level.Name.VOCABULARY
                    && !input.trained()
                    && !input.name().endsWith(Columns.LOG_PI))
        .map(Node.Input::name)
        .distinct();
  }

  private static boolean speaks(PresumedRole role) {
    return role.role() == Role.UNKNOWN && values(role).size() == 1;
  }

  private static Seq<Violation> raises(Isolated part, Trial any, double tolerance) {
    String name = values(part.presumed()).head();
    Trial trial = onePolicy(any, name);
    Samples samples = trial.samples();
    Grid q = samples.grid(name).get();
    double[] slope =
        part.atLogits()
            .map(node -> new Reference(samples, trial.parameters()).of(node))
            .getOrElse(new double[q.rows() * q.width()]);
    return List.range(0, q.rows())
        .flatMap(
            t -> {
              double along = 0;
              for (int v = 0; v < q.width(); v++) {
                along += slope[t * q.width() + v] * q.get(t, v);
              }
              return along < -tolerance
                  ? List.<Violation>empty()
                  : List.of(
                      PartLaws.at(part, "the slope along the values of all actions", t, along));
            })
        .take(1);
  }

  /** Every other policy is the policy, and the values of actions are all different. */
  private static Trial onePolicy(Trial any, String name) {
    Trial one = StepLaws.onePolicy(any);
    Samples samples = one.samples();
    Grid z = samples.grid(BoundLoss.LOGITS).get();
    Random random = new Random(any.seed());
    double[] drawn = random.doubles((long) z.rows() * z.width(), -1, 1).toArray();
    Grid even = new Grid(z.rows(), z.width(), (t, v) -> 0);
    double uniform = LogSoftmax.of(new double[z.width()], 1)[0];
    Samples flat =
        samples
            .with(BoundLoss.LOGITS, even)
            .with(Columns.REFERENCE_LOG_PI, new Grid(z.rows(), z.width(), (t, v) -> uniform))
            .with(name, new Grid(z.rows(), z.width(), (t, v) -> drawn[t * z.width() + v]));
    return Columns.LOG_PROBS.foldLeft(
        PartLaws.with(one, flat), (all, column) -> PartLaws.changed(all, column, x -> uniform));
  }
}
