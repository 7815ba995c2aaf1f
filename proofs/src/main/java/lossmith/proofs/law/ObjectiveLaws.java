package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Range;
import lossmith.dsl.Term;
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
  /** Cases in which a part must show once that it moves something, and a parameter its effect. */
  private static final int CASES = 400;

  private ObjectiveLaws() {}

  static Law parts() {
    return new Law(
            "live-parts",
            "every part of the loss has a gradient",
            "∇L_i ≢ 0",
            0,
            "a zero is not rounded",
            (subject, trial, tolerance) ->
                List.ofAll(subject.loss().parts())
                    .flatMap(
                        part ->
                            dead(subject, part._2, trial.seed())
                                .map(why -> new Violation.Fact(part._1 + why))))
        .once();
  }

  private static Option<String> dead(Subject subject, Term<Batch> part, long seed) {
    Loss alone = Terms.minimise(part);
    if (Flow.of(alone).reached().isEmpty()) {
      return Option.some(" has no path that a gradient can take");
    }
    try (Subject one = subject.with(alone)) {
      Seq<Node> gradients = one.bound(Surface.LOGITS).gradients().values();
      return Option.when(
          cases(subject, seed)
              .forAll(trial -> gradients.forAll(gradient -> isZero(gradient, trial))),
          " has the gradient 0 on each of " + CASES + " cases");
    }
  }

  private static Stream<Trial> cases(Subject subject, long seed) {
    return Stream.range(0, CASES).map(i -> subject.draw(seed + i, Trial.Kind.of(seed + i)));
  }

  private static boolean isZero(Node gradient, Trial trial) {
    return Arrays.stream(new Reference(trial.samples(), trial.parameters()).of(gradient))
        .allMatch(x -> x == 0);
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
    return cases(subject, seed).exists(trial -> differs(subject, trial, name, range));
  }

  private static boolean differs(Subject subject, Trial trial, String name, Range range) {
    Random random = new Random(trial.seed());
    double[] here = results(subject, trial, trial.parameters());
    double between = range.low() + random.nextDouble() * (range.high() - range.low());
    double near = range.low() + random.nextDouble() * (range.initial() - range.low());
    return Arrays.stream(new double[] {range.initial(), near, between, range.low(), range.high()})
        .anyMatch(x -> !same(here, results(subject, trial, trial.parameters().put(name, x))));
  }

  /** The two zeros are one number. */
  private static boolean same(double[] here, double[] there) {
    return IntStream.range(0, here.length)
        .allMatch(i -> here[i] == there[i] || Double.compare(here[i], there[i]) == 0);
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
