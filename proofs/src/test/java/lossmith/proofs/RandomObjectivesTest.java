package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.law.GradientLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Draw;
import lossmith.proofs.trial.ProofDomain;
import lossmith.proofs.trial.RandomObjective;
import lossmith.proofs.trial.Trial;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;

/** Objectives that nobody wrote: well-levelled random terms, compiled and held to the laws too. */
@Domain(ProofDomain.class)
final class RandomObjectivesTest {
  /** A random objective may be dead; it is finite as far as its products are doubles. */
  private static final Seq<Law> LAWS =
      Laws.all()
          .filter(law -> law.scope() == Law.Scope.CASE && !law.name().equals("finite"))
          .append(GradientLaws.finiteWithinRange());

  private static final int CASES = Math.max(1, Integer.getInteger("lossmith.cases", 200) / 100);

  @Property(tries = 8, shrinking = ShrinkingMode.OFF) // the prover shrinks the batch
  void randomObjectivesHoldTheLawsOfEveryObjective(
      @ForAll RandomObjective objective, @ForAll Draw draw) {
    try (Subject subject = new Subject(objective.toString(), objective.loss())) {
      Seq<Finding> broken =
          List.range(0, CASES)
              .map(i -> draw.seed() + i)
              .filter(seed -> speaks(subject, seed))
              .flatMap(seed -> Prover.prove(subject, LAWS, 1, seed).findings());
      assertTrue(broken.isEmpty(), broken::toString);
    }
  }

  /** At extremes the laws speak of numbers that products keep within the doubles. */
  private static boolean speaks(Subject subject, long seed) {
    return Trial.Kind.of(seed) != Trial.Kind.EXTREME
        || GradientLaws.inRange(subject, subject.trial(seed));
  }
}
