package lossmith.proofs;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.function.UnaryOperator;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.reference.Reference;

/** What a stop-gradient does: nothing to the value, everything to the gradient. */
final class StopLaws {
  private static final String COLUMN = "stopped term ";

  private static final UnaryOperator<Loss> UNSTOPPED = StopLaws::unstopped;

  private StopLaws() {}

  static Law stopped() {
    return new Law(
            "stop-gradient",
            "a stop-gradient keeps the value and kills the gradient: without any the value is the"
                + " same, and with the numbers of what is stopped bound as data in its place the"
                + " gradient is",
            "L[sg(x) ↦ x] = L, ∇L[sg(x) ↦ c] = ∇L with c the numbers of x",
            1e-9,
            "the same numbers in another graph",
            (subject, trial, tolerance) ->
                value(subject, trial, tolerance).appendAll(gradient(subject, trial, tolerance)))
        .on(Trial.Kind.ORDINARY, Trial.Kind.WIDE);
  }

  private static Seq<Violation> value(Subject subject, Trial trial, double tolerance) {
    Bound bound = subject.bound(Surface.STATISTICS);
    Known known = subject.on(trial);
    return subject
        .written(UNSTOPPED)
        .toList()
        .flatMap(
            other ->
                Violation.between(
                    "value without a stop-gradient",
                    MeaningLaws.evaluation(other, trial, Surface.STATISTICS).value(),
                    known.number(bound.value()),
                    tolerance * known.scale(bound.value())));
  }

  private static Seq<Violation> gradient(Subject subject, Trial trial, double tolerance) {
    Bound bound = subject.bound(Surface.STATISTICS);
    Known known = subject.on(trial);
    Seq<Node> stops =
        Mutants.nodes(List.of(bound.value()))
            .filter(node -> node instanceof Node.StopGradient && !node.condition())
            .filter(node -> node.level() != Level.Name.VOCABULARY);
    Fold<Node> fold = new Fold<>(new Rebuild());
    Samples samples = trial.samples();
    for (int i = 0; i < stops.size(); i++) {
      Node stop = stops.get(i);
      fold = fold.given(stop, Nodes.given(COLUMN + i, stop.level()));
      samples = samples.with(COLUMN + i, stop.level(), known.of(stop));
    }
    Map<String, Node> slopes = Derivative.of(fold.of(bound.value()));
    Reference reference = new Reference(samples, trial.settings());
    return List.ofAll(stops.isEmpty() ? LinkedHashMap.<String, Node>empty() : bound.gradients())
        .flatMap(
            gradient -> {
              double[] expected = known.of(gradient._2);
              return Violation.between(
                  "d/d" + gradient._1 + " with what is stopped as data",
                  slopes
                      .get(gradient._1)
                      .map(reference::of)
                      .getOrElse(() -> new double[expected.length]),
                  expected,
                  tolerance * known.scale(gradient._2));
            });
  }

  private static Loss unstopped(Loss loss) {
    return loss.rewritten(new Fold<>(new Unstopping())::of);
  }

  private static final class Unstopping extends Rebuild {
    @Override
    public Node stopGradient(Node.StopGradient node, Node of) {
      return of;
    }
  }
}
