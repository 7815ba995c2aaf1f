package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Predicate;
import java.util.stream.Stream;
import lossmith.proofs.law.Laws;
import lossmith.proofs.stated.Statements;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Draw;
import lossmith.proofs.trial.ProofDomain;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import lossmith.recipes.preference.PairLoss;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every part alone, and parts put together at random, are held to the laws of every objective. */
final class CompositionsTest {
  private static final int CASES = Integer.getInteger("lossmith.cases", 200) / 50;
  private static final String LEADING = "pass-at-k";

  /** Keeps so few responses that a few cases may have none. */
  private static final String NARROW = "reject-sequence-mean-k1";

  private static final String LIVE = "live-parameters";
  private static final long SEED = Long.getLong("lossmith.seed", 1);

  @TestFactory
  Stream<DynamicTest> everyPartHoldsTheBattery() {
    return Parts.all()
        .toJavaStream()
        .map(
            p ->
                DynamicTest.dynamicTest(
                    p.name(),
                    () ->
                        prove(
                            p.name(),
                            law -> !LEADING.equals(p.name()) || !LIVE.equals(law.name()))));
  }

  /** Nobody is behind who only leads or does not: no lower bound of a ratio can count. */
  @Test
  void aLeadWithoutALowerBoundHoldsTheBattery() {
    prove(LEADING + Composition.AND + "log-prob", law -> true);
  }

  /** A score and a preference loss hold the other laws alone, and at random together. */
  @TestFactory
  Stream<DynamicTest> everyPreferenceLossOfEveryScoreIsFiniteAndWhatItsSecondStatementSays() {
    return Recipes.all()
        .filter(PairLoss.class::isInstance)
        .flatMap(pair -> scores().map(score -> pair.name() + Composition.AND + score.name()))
        .toJavaStream()
        .map(name -> DynamicTest.dynamicTest(name, () -> proveStated(name)));
  }

  private static void proveStated(String name) {
    assertTrue(Statements.of(name).isDefined(), name);
    prove(name, law -> List.of("stated", "finite").contains(law.name()));
  }

  private static void prove(String parts, Predicate<Law> which) {
    try (Subject subject = Subject.of(Composition.of(parts))) {
      int cases = NARROW.equals(parts) ? 8 * CASES : CASES;
      Proof proof = Prover.prove(subject, Laws.of(subject).filter(which), cases, SEED);
      assertTrue(proof.holds(), () -> "\n" + proof);
    }
  }

  private static Seq<Part<?>> scores() {
    return Parts.all().filter(part -> part.kind() == Part.Kind.SCORE).tail();
  }

  @Property(tries = 12, shrinking = ShrinkingMode.OFF) // the prover shrinks the batch
  @Domain(ProofDomain.class)
  void whatTypeChecksHoldsTheLaws(@ForAll Recipe composition, @ForAll Draw draw) {
    Seq<Law> laws = Laws.all().filter(law -> law.scope() == Law.Scope.CASE);
    try (Subject subject = Subject.of(composition)) {
      Proof proof = Prover.prove(subject, laws, Math.max(1, CASES / 8), draw.seed());
      assertTrue(proof.findings().isEmpty(), () -> composition.name() + proof.findings());
    }
  }
}
