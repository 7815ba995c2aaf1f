package lossmith.proofs.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.Stream;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a loss reads as catches the real bugs without a word of their authors, but for those that
 * are themselves a right objective, and those that a law of every objective catches.
 */
final class MuseumWithoutClaimsTest {
  private static final int CASES = 40;

  /** What a std is kept from 0 by differs between systems. */
  private static final double EPSILON = 1e-5;

  /** Its mended version divides by 8, a number of which nothing is known here. */
  private static final Seq<String> OF_A_CONSTANT = List.of("longest-response-of-the-batch");

  /** What needs no role: no number, a gradient that is dead or reaches what nobody declared. */
  private static final Set<String> BY_EVERY_OBJECTIVE =
      HashSet.of(
          "odds-of-a-certain-token",
          "log-of-a-sigmoid",
          "divergence-without-gradient",
          "penalty-that-is-dead-on-policy",
          "clip-ratio-without-effect",
          "documented-bound-out-of-reach",
          "value-clip-without-effect",
          "clipped-error-for-clipped-value");

  /** Nobody can know the units of a value. */
  private static final Set<String> BY_A_CLAIM = HashSet.of("baseline-in-other-units");

  /** Other objectives that are no means over the batch, which who means them has to say. */
  private static final Set<String> NO_MEANS =
      HashSet.of("sum-for-mean", "responses-that-are-not-counted");

  @Test
  void presumptionAloneCatchesAllOthersAndBlamesNoMendedOne() {
    Seq<MuseumWithoutClaims.Row> rows =
        MuseumWithoutClaims.exhibits()
            .map(exhibit -> MuseumWithoutClaims.row(exhibit, CASES, Laws::ofRoles));
    Set<String> right =
        ReadsAs.all().map(ReadsAs::exhibit).toSet().addAll(ReadsAs.byConvention().keySet());
    assertEquals(
        right.removeAll(NO_MEANS).addAll(BY_EVERY_OBJECTIVE).addAll(BY_A_CLAIM),
        rows.reject(MuseumWithoutClaims.Row::caught).map(row -> row.exhibit().name()).toSet());
    assertEquals(
        OF_A_CONSTANT,
        rows.filter(row -> row.mended().nonEmpty()).map(row -> row.exhibit().name()));
  }

  @TestFactory
  Stream<DynamicTest> whatReadsAsARightObjectiveIsOne() {
    return ReadsAs.all()
        .toJavaStream()
        .map(reads -> DynamicTest.dynamicTest(reads.exhibit(), () -> assertSame(reads)));
  }

  private static void assertSame(ReadsAs reads) {
    Exhibit exhibit = Museum.all().find(one -> one.name().equals(reads.exhibit())).get();
    Loss wrong = ((Caught.ByLaw) exhibit.caught()).wrong();
    try (Subject subject = new Subject(exhibit.name(), wrong)) {
      BoundLoss left = subject.bound(Surface.LOGITS);
      BoundLoss right = BoundLoss.of(reads.loss(), Surface.LOGITS, subject.columns());
      for (Trial trial : subject.trials(1, CASES).filter(t -> t.kind() == Trial.Kind.ORDINARY)) {
        Reference reference = new Reference(trial.samples(), reads.parameters());
        double[] here = reference.of(left.gradients().get(BoundLoss.LOGITS).get());
        double[] there = reference.of(right.gradients().get(BoundLoss.LOGITS).get());
        double most = 1 + Arrays.stream(here).map(Math::abs).max().orElse(0);
        assertEquals(
            List.empty(), Violation.between(reads.what(), here, there, EPSILON * most).toList());
        assertTrue(
            Math.abs(reference.number(left.value()) - reference.number(right.value()))
                <= EPSILON * most,
            reads::what);
      }
    }
  }
}
