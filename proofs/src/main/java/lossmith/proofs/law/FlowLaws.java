package lossmith.proofs.law;

import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.flow.Flow;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;

/** The gradient reaches exactly the inputs that a loss declares to train. */
public final class FlowLaws {
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

  public static Seq<Violation> violations(Loss loss) {
    return Flow.check(loss).map(problem -> new Violation.Fact(problem.toString()));
  }
}
