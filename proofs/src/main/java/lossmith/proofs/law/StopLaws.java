package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a stop-gradient does: nothing to the value, everything to the gradient. */
final class StopLaws {
  private static final String COLUMN = "stopped term ";

  private StopLaws() {}

  static Law stopped() {
    return new Law(
            "stop-gradient",
            "a stop-gradient keeps the value and kills the gradient: with the numbers of what is"
                + " stopped bound as data in its place, value and gradient are the same",
            "L[sg(x) ↦ c] = L, ∇L[sg(x) ↦ c] = ∇L, c the numbers of x",
            1e-9,
            "the same numbers in another graph",
            (subject, trial, tolerance) -> {
              BoundLoss bound = subject.bound(Surface.STATISTICS);
              Seq<Node> stops =
                  Graph.below(List.of(bound.value()))
                      .filter(node -> node instanceof Node.StopGradient && !node.condition())
                      .filter(node -> node.level() != Level.Name.VOCABULARY);
              return stops.isEmpty()
                  ? List.empty()
                  : bound(bound, stops, subject.on(trial), trial, tolerance);
            })
        .on(Trial.Kind.ORDINARY, Trial.Kind.WIDE);
  }

  private static Seq<Violation> bound(
      BoundLoss bound, Seq<Node> stops, Evaluations known, Trial trial, double tolerance) {
    Fold<Node> fold = new Fold<>(new Rebuild());
    Samples samples = trial.samples();
    for (int i = 0; i < stops.size(); i++) {
      Node stop = stops.get(i);
      fold = fold.given(stop, Nodes.given(COLUMN + i, stop.level()));
      samples = samples.with(COLUMN + i, stop.level(), known.of(stop.children().head()));
    }
    Node value = fold.of(bound.value());
    Map<String, Node> slopes = Derivative.of(value);
    Reference reference = new Reference(samples, trial.parameters());
    Seq<Violation> found =
        Violation.between(
            "value with what is stopped as data",
            reference.number(value),
            known.number(bound.value()),
            tolerance * known.scale(bound.value()));
    for (var gradient : bound.gradients()) {
      double[] expected = known.of(gradient._2);
      double[] data =
          slopes.get(gradient._1).map(reference::of).getOrElse(() -> new double[expected.length]);
      found =
          found.appendAll(
              Violation.between(
                  "d/d" + gradient._1 + " with what is stopped as data",
                  data,
                  expected,
                  tolerance * known.scale(gradient._2)));
    }
    return found;
  }
}
