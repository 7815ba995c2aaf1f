package lossmith.proofs.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Range;
import lossmith.dsl.data.Samples;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;

/** Cases that an objective is not meant for are not drawn. */
final class NarrowingTest {
  private static final Loss GRPO = new Grpo().loss(Conventions.paper());

  private static Subject grpo(String parameter, Range range) {
    Narrowing narrowing = new Narrowing(HashMap.of(parameter, range), NarrowingTest::passed);
    return new Subject("grpo", GRPO, List.empty(), Option.none(), narrowing);
  }

  /** Rewards of 0 and 1. */
  private static Samples passed(Samples drawn) {
    double[] rewards =
        Arrays.stream(drawn.column(Columns.REWARD).get()).map(r -> r > 0 ? 1 : 0).toArray();
    return drawn.with(Columns.REWARD, Level.Name.SEQUENCE, rewards);
  }

  @Test
  void settingsAndBatchesAreDrawnFromWhatIsAsked() {
    try (Subject subject = grpo("clip_low", new Range(0.1, 0.05, 0.15))) {
      for (long seed = 0; seed < 50; seed++) {
        Trial trial = subject.trial(seed);
        double low = trial.parameters().get("clip_low").get();
        assertTrue(low >= 0.05 && low <= 0.15, "clip_low = " + low);
        double[] rewards = trial.samples().column(Columns.REWARD).get();
        assertTrue(Arrays.stream(rewards).allMatch(r -> r == 0 || r == 1));
      }
    }
  }

  @Test
  void everyLawHoldsOnThem() {
    try (Subject subject = grpo("clip_low", new Range(0.1, 0.05, 0.15))) {
      Proof proof = Prover.prove(subject, Laws.of(subject), 10, 1);
      assertEquals(List.empty(), proof.findings(), proof::toString);
    }
  }

  @Test
  void moreThanTheRangeAndOtherNamesAreMistakes() {
    for (String name : List.of("clip_low", "clip_lo")) {
      ProblemException wrong =
          assertThrows(ProblemException.class, () -> grpo(name, new Range(0, -1, 1)).close());
      assertTrue(wrong.toString().contains(name + " = 0 in [-1, 1]"), wrong.toString());
    }
  }
}
