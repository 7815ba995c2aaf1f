package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.Seq;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;

/** Objectives that nobody wrote: well-levelled random terms, compiled and held to the laws too. */
@Domain(ProofDomain.class)
final class RandomObjectivesTest {
  /** A random objective may be dead, or multiply saturated ratios until they overflow. */
  private static final Seq<Law> LAWS =
      Laws.all().filter(law -> law.scope() == Law.Scope.CASE && !law.name().equals("finite"));

  @Property(shrinking = ShrinkingMode.OFF) // the prover shrinks the batch
  void randomObjectivesHoldTheLawsOfEveryObjective(
      @ForAll RandomObjective objective, @ForAll Draw draw) {
    assumeTrue(draw.kind() != Trial.Kind.EXTREME);
    try (Subject subject = new Subject(objective.toString(), objective.loss())) {
      Proof proof = Prover.prove(subject, LAWS, 1, draw.seed());
      assertTrue(proof.findings().isEmpty(), () -> proof.findings().toString());
    }
  }
}
