package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import io.vavr.control.Option;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import lossmith.dsl.data.Samples;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;
import org.junit.jupiter.api.Test;

/** What is told of a broken law. */
final class FindingTest {
  @Test
  void itIsToldAfterItsSubjectIsClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    Seq<Violation> late =
        Stream.range(0, 3).map(i -> new Violation.Fact(closed.get() ? "late" : "early"));
    Samples samples = Trials.samples(new Random(1), Trial.Kind.ORDINARY);
    Finding finding =
        new Finding(
            Laws.all().head(),
            "mine",
            1,
            Trial.Kind.ORDINARY,
            samples,
            late,
            List.empty(),
            Option.none(),
            Option.none(),
            List.empty());
    closed.set(true);
    assertEquals("early", finding.violations().last().toString());
  }
}
