package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Random;
import lossmith.dsl.Terms;
import org.junit.jupiter.api.Test;

/** Objectives that nobody wrote: well-levelled random terms, compiled and held to the laws too. */
final class RandomObjectivesTest {
  private static final int OBJECTIVES = Integer.getInteger("lossmith.cases", 200) / 8;
  private static final int CASES = 5;

  @Test
  void randomObjectivesHoldTheLawsOfEveryObjective() {
    // A random objective may be dead, or multiply saturated ratios until they overflow.
    Seq<Law> laws =
        Laws.all().filter(law -> law.scope() == Law.Scope.CASE && !law.name().equals("finite"));
    for (long seed = 1; seed <= OBJECTIVES; seed++) {
      long seed0 = seed;
      boolean vocabulary = seed % 2 == 0;
      var term = new RandomTerms(new Random(seed), vocabulary).objective();
      try (Subject subject = new Subject("random " + seed, Terms.minimise(term))) {
        Seq<Finding> broken =
            List.range(0, CASES)
                .map(i -> seed0 + i)
                .filter(at -> Trial.Kind.of(at) != Trial.Kind.EXTREME)
                .flatMap(at -> Prover.prove(subject, laws, 1, at).findings());
        assertTrue(broken.isEmpty(), broken::toString);
      }
    }
  }
}
