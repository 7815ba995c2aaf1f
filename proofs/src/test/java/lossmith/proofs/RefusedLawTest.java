package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import org.junit.jupiter.api.Test;

/** A law that a loss cannot be held to is told as one, and those after it are tried. */
final class RefusedLawTest {
  private static Law law(String name, Law.Check check) {
    return new Law(name, "it is so", "x = x", 0, "exact", check);
  }

  @Test
  void oneLawThatCannotBeTriedHidesNoOther() {
    Law refusing =
        law(
            "step-size",
            (subject, trial, tolerance) -> {
              throw Problem.of("column", "samples without x", "the column x", "x").exception();
            });
    Law broken =
        law("broken", (subject, trial, tolerance) -> List.of(new Violation.Fact("it is not so")));
    try (Subject subject = new Subject("mine", maximise(logProb().mean(ALL_TOKENS)))) {
      Seq<Finding> found = Prover.prove(subject, List.of(refusing, broken), 3, 1).findings();
      assertEquals(List.of("step-size", "broken"), found.map(finding -> finding.law().name()));
      String said = found.head().violations().head().toString();
      assertTrue(said.contains("cannot be tried on this loss"), said);
      assertTrue(said.contains("samples without x"), said);
    }
  }
}
