package lossmith.proofs.mutation;

import static lossmith.dsl.Columns.REWARD;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Loss;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import org.junit.jupiter.api.Test;

/** Of a mutant that changes nothing it is said where its difference ends. */
final class SurvivorTest {
  /** The absolute value of an absolute value: either may go, not both. */
  private static final Loss TWICE =
      maximise(ratio().weightedBy(reward().abs().abs().per(Axis.TOKEN)).mean(ALL_TOKENS));

  private static Seq<Trial> trials() {
    try (Subject subject = new Subject("twice", TWICE)) {
      return List.range(0, 20).map(seed -> subject.trial(seed, Trial.Kind.ORDINARY));
    }
  }

  private static String reason(String mistake) {
    return Mutants.of(TWICE)
        .find(mutant -> mutant.toString().equals(mistake))
        .map(mutant -> Survivor.equivalent(mutant, trials()).reason())
        .getOrElseThrow(() -> new AssertionError(Mutants.of(TWICE).mkString("\n")));
  }

  @Test
  void aTermThatIsWhatItWas() {
    assertEquals(
        "the term has the same numbers in every case", reason("abs dropped at ||reward||"));
  }

  @Test
  void aDifferenceThatATermAboveDoesNotHear() {
    int negative =
        trials().count(t -> Arrays.stream(t.samples().column(REWARD).get()).anyMatch(r -> r < 0));
    assertTrue(negative > 0);
    assertEquals(
        "the term differs in " + negative + " of 20 cases, none of which reaches ||reward||",
        reason("abs dropped at |reward|"));
  }

  @Test
  void whatNothingNoticedNamesItsCases() {
    try (Subject subject = new Subject("twice", TWICE)) {
      Seq<Trial> extreme = List.of(subject.trial(4));
      assertEquals(
          "value or gradient differ in 1 of 80 cases, all of kind EXTREME",
          Survivor.open(Mutants.of(TWICE).head(), extreme, 80).reason());
    }
  }
}
