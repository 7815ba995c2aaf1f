package lossmith.proofs;

import lossmith.dsl.bind.Surface;
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
        (subject, trial, tolerance) -> {
          int reached = subject.bound(Surface.LOGITS).gradients().size();
          int declared = subject.loss().trains().size();
          return Flow.check(subject.loss())
              .map(problem -> new Violation(problem.toString(), reached, declared, 0));
        });
  }
}
