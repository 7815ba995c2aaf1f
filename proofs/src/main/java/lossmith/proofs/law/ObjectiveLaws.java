package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Node;
import lossmith.dsl.Range;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.flow.OnPolicy;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Nothing in an objective is dead, and nothing that belongs there is missing. */
public final class ObjectiveLaws {
  /** Cases in which a parameter must show once that it matters. */
  private static final int CASES = 400;

  private ObjectiveLaws() {}

  static Law parts() {
    return new Law(
            "live-parts",
            "every part of the loss has a gradient",
            "∇L_i ≢ 0",
            0,
            "structure, nothing is rounded",
            (subject, trial, tolerance) ->
                List.ofAll(subject.loss().parts())
                    .filter(part -> Flow.of(Terms.minimise(part._2)).reached().isEmpty())
                    .map(
                        part ->
                            new Violation.Fact(part._1 + " has no path that a gradient can take")))
        .once();
  }

  static Law onPolicy() {
    return new Law(
            "live-on-policy",
            "every part of the loss has a gradient on the first step, where π_old = π",
            "π_old = sg(π) ⇒ ∇L_i ≢ 0",
            0,
            "structure, nothing is rounded",
            (subject, trial, tolerance) ->
                OnPolicy.dead(subject.loss())
                    .map(part -> new Violation.Fact(part + " has no gradient where π_old is π")))
        .once();
  }

  static Law parameters() {
    return new Law(
            "live-parameters",
            "every parameter changes loss, gradient or a metric somewhere in its range",
            "∃ x, p ≠ q: (L, ∇L, m)(x; p) ≠ (L, ∇L, m)(x; q)",
            0,
            "a difference of any size",
            (subject, trial, tolerance) ->
                List.ofAll(subject.parameters())
                    .filter(p -> !p._1.equals(Columns.TEMPERATURE))
                    .filter(p -> !lives(subject, p._1, p._2, trial.seed()))
                    .map(p -> new Violation.Fact(p._1 + " changes nothing in " + p._2)))
        .once();
  }

  private static boolean lives(Subject subject, String name, Range range, long seed) {
    return Stream.range(0, CASES)
        .map(i -> subject.draw(seed + i, Trial.Kind.of(seed + i)))
        .exists(trial -> differs(subject, trial, name, range));
  }

  private static boolean differs(Subject subject, Trial trial, String name, Range range) {
    Random random = new Random(trial.seed());
    double[] here = results(subject, trial, trial.parameters());
    double between = range.low() + random.nextDouble() * (range.high() - range.low());
    double near = range.low() + random.nextDouble() * (range.initial() - range.low());
    return Arrays.stream(new double[] {range.initial(), near, between, range.low(), range.high()})
        .anyMatch(
            x -> !Arrays.equals(here, results(subject, trial, trial.parameters().put(name, x))));
  }

  private static double[] results(Subject subject, Trial trial, Map<String, Double> parameters) {
    BoundLoss bound = subject.bound(Surface.LOGITS);
    Reference reference = new Reference(trial.samples(), parameters);
    Seq<Node> all =
        List.of(bound.value())
            .appendAll(bound.metrics().values())
            .appendAll(bound.gradients().values());
    return all.toJavaStream().map(reference::of).flatMapToDouble(Arrays::stream).toArray();
  }
}
