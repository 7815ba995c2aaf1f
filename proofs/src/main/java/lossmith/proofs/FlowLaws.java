package lossmith.proofs;

import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.flow.Flow;

/** Gradient goes where a loss says it goes. */
final class FlowLaws {
  private FlowLaws() {}

  static Law declared() {
    return new Law(
            "declared-inputs",
            "gradient reaches every input that the loss declares to train, and no other",
            "{x : ∂L/∂x ≢ 0} = trains(L)",
            0,
            "structure, nothing is rounded",
            (subject, trial, tolerance) -> violations(subject.loss()))
        .once();
  }

  static Seq<Violation> violations(Loss loss) {
    return Flow.check(loss).map(problem -> new Violation.Fact(problem.toString()));
  }
}
