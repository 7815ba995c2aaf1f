package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import java.util.function.Function;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.ops.Evaluation;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.HiddenStates;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** All meanings of an objective are the same function. */
final class MeaningLaws {
  private static final String ROUNDING =
      "both run in float64; 1e-9 of the summands leaves room for another order of summation";

  private MeaningLaws() {}

  static Law value() {
    return new Law(
        "value",
        "TensorFlow's value is the reference's, part by part, at statistics and at logits",
        "L_TF = L_ref",
        1e-9,
        ROUNDING,
        (subject, trial, tolerance) ->
            surfaces(trial, surface -> numbers(subject, trial, surface, tolerance, true)));
  }

  static Law metrics() {
    return new Law(
        "metrics",
        "TensorFlow's metrics are the reference's, at statistics and at logits",
        "m_TF = m_ref",
        1e-9,
        ROUNDING,
        (subject, trial, tolerance) ->
            surfaces(trial, surface -> numbers(subject, trial, surface, tolerance, false)));
  }

  static Law gradient() {
    return new Law(
        "gradient",
        "TensorFlow's gradient is the derivative as the reference evaluates it, at statistics and"
            + " at logits",
        "∇L_TF = (∇L)_ref",
        1e-9,
        ROUNDING,
        (subject, trial, tolerance) ->
            surfaces(trial, surface -> gradients(subject, trial, surface, tolerance)));
  }

  static Law fused() {
    return new Law(
            "fused",
            "a few rows of logits at a time give the value and gradient of all at once, away from"
                + " extremes, where a ratio of e^700 makes a rounding of an entropy large",
            "L_rows = L, ∇L_rows = ∇L",
            1e-9,
            ROUNDING,
            (subject, trial, tolerance) -> {
              Evaluation whole = evaluation(subject, trial, Surface.LOGITS);
              Evaluation rows = subject.on(trial).rows();
              double[] right = rows.gradients().get(BoundLoss.LOGITS).get();
              double[] left =
                  whole.gradients().getOrElse(BoundLoss.LOGITS, new double[right.length]);
              BoundLoss bound = subject.bound(Surface.LOGITS);
              Evaluations known = subject.on(trial);
              double scale = known.scale(bound.value());
              return Violation.between("value", whole.value(), rows.value(), tolerance * scale)
                  .appendAll(
                      Violation.between(
                          "d/dlogits",
                          left,
                          right,
                          tolerance * scale(bound, BoundLoss.LOGITS, known)));
            })
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  static Law hidden() {
    return new Law(
            "hidden",
            "hidden states and an output matrix give the value and gradient of their logits, and of"
                + " the matrix the sum of what each row gives; where all logits are finite",
            "L_hidden = L, ∂L/∂h = W'∂L/∂z, ∂L/∂W = Σ_t ∂L/∂z_t h_t'",
            1e-9,
            ROUNDING,
            (subject, trial, tolerance) ->
                trial.samples().tokens() == 0 || !HiddenStates.reach(trial)
                    ? List.empty()
                    : hidden(subject, trial, tolerance))
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  private static Seq<Violation> hidden(Subject subject, Trial trial, double tolerance) {
    Evaluation rows = subject.on(trial).rows();
    Evaluation hidden = subject.hiddenStates().evaluate(trial);
    double[] logits = rows.gradients().get(BoundLoss.LOGITS).get();
    double[] matrix = HiddenStates.weight(trial.samples(), logits);
    BoundLoss bound = subject.bound(Surface.LOGITS);
    Evaluations known = subject.on(trial);
    double value = tolerance * known.scale(bound.value());
    double slope = tolerance * scale(bound, BoundLoss.LOGITS, known);
    return Violation.between("value", hidden.value(), rows.value(), value)
        .appendAll(
            Violation.between(
                "d/dhidden", hidden.gradients().get(BoundLoss.LOGITS).get(), logits, slope))
        .appendAll(
            Violation.between(
                "d/dweight",
                hidden.gradients().get("weight").get(),
                matrix,
                slope * HiddenStates.total(trial)));
  }

  /** At every surface; a tie is only exact where log-probabilities are given. */
  static Seq<Violation> surfaces(Trial trial, Function<Surface, Seq<Violation>> at) {
    return Stream.of(Surface.values())
        .filter(s -> s == Surface.STATISTICS || trial.kind() != Trial.Kind.KINK)
        .flatMap(at);
  }

  static Evaluation evaluation(Subject subject, Trial trial, Surface surface) {
    return subject.on(trial).evaluation(surface);
  }

  static double scale(BoundLoss bound, String input, Evaluations known) {
    return bound.gradients().get(input).map(known::scale).getOrElse(0.0);
  }

  private static Seq<Violation> numbers(
      Subject subject, Trial trial, Surface surface, double tolerance, boolean parts) {
    BoundLoss bound = subject.bound(surface);
    Evaluation evaluation = evaluation(subject, trial, surface);
    Evaluations known = subject.on(trial);
    Map<String, Node> nodes = parts ? bound.parts() : bound.metrics();
    Map<String, Double> found = parts ? evaluation.parts() : evaluation.metrics();
    return List.ofAll(nodes)
        .flatMap(
            node ->
                Violation.between(
                    node._1 + " at " + surface,
                    found.get(node._1).get(),
                    known.number(node._2),
                    tolerance * known.scale(node._2)));
  }

  private static Seq<Violation> gradients(
      Subject subject, Trial trial, Surface surface, double tolerance) {
    BoundLoss bound = subject.bound(surface);
    Evaluation evaluation = evaluation(subject, trial, surface);
    Evaluations known = subject.on(trial);
    return List.ofAll(bound.gradients())
        .flatMap(
            gradient ->
                Violation.between(
                    "d/d" + gradient._1 + " at " + surface,
                    evaluation.gradients().get(gradient._1).get(),
                    known.of(gradient._2),
                    tolerance * known.scale(gradient._2)));
  }
}
