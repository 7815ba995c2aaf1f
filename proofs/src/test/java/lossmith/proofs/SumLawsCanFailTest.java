package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.minimise;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.proofs.law.FallbackLaws;
import lossmith.proofs.law.SumLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;

/** The laws of two losses, and of a loss without a column, are each broken by one wrong thing. */
final class SumLawsCanFailTest {
  private static final int CASES = 24;
  private static final Loss GRPO = new Grpo().loss(Conventions.paper());

  /**
   * Zeros in place of an absent column; a fall-back that is kept quiet; a column that is ignored.
   */
  @Test
  void whatStandsForAnAbsentColumnIsNotAnythingElse() {
    try (Subject subject = new Subject("grpo", GRPO)) {
      Trial trial = subject.trial(5, Trial.Kind.ORDINARY);
      double[] zeros = new double[trial.samples().tokens()];
      assertTrue(FallbackLaws.absent().violations(subject, trial).isEmpty());
      assertTrue(
          FallbackLaws.violations(
                  subject,
                  trial,
                  1e-9,
                  (s, t) ->
                      s.rowwise()
                          .whole(on(t, t.samples().with("old_log_prob", Level.Name.TOKEN, zeros))))
              .nonEmpty());
      assertTrue(
          FallbackLaws.violations(subject, trial, 1e-9, (s, t) -> quiet(s.rowwise().whole(t)))
              .nonEmpty());
      assertTrue(
          FallbackLaws.violations(
                  subject,
                  trial,
                  1e-9,
                  (s, t) -> s.rowwise().whole(on(t, t.samples().without("old_log_prob"))))
              .nonEmpty());
    }
  }

  private static Trial on(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  private static Evaluation quiet(Evaluation found) {
    return new Evaluation(
        found.value(),
        found.parts(),
        found.metrics(),
        found.gradients(),
        found.extras(),
        HashMap.empty());
  }

  private static boolean holds(Law law) {
    try (Subject subject = new Subject("grpo", GRPO)) {
      return List.range(1, CASES)
          .forAll(seed -> law.violations(subject, subject.trial(seed)).isEmpty());
    }
  }

  /** Two parameters of one name, taken for one: the second loss reads what the first is fed. */
  @Test
  void aMergedParameterBreaksTheSum() {
    assertTrue(holds(SumLaws.adds(Loss::plus)));
    assertFalse(holds(SumLaws.adds((a, b) -> a.plus(b.renamed("clip_low_beside", "clip_low")))));
  }

  @Test
  void aLostMetricBreaksTheSum() {
    assertFalse(holds(SumLaws.adds((a, b) -> minimise(a.value()).plus(minimise(b.value())))));
  }

  @Test
  void aPartThatKeepsItsSizeBreaksTheScaling() {
    Loss two = GRPO.plus(minimise(Terms.entropy().mean(ALL_TOKENS)));
    try (Subject subject = new Subject("two", two)) {
      Trial trial = subject.trial(5, Trial.Kind.ORDINARY);
      Law right = SumLaws.scales(loss -> loss.scaledBy(SumLaws.FACTOR));
      Law wrong =
          SumLaws.scales(
              loss ->
                  minimise(loss.parts().head()._2.scaledBy(SumLaws.FACTOR))
                      .plus(minimise(loss.parts().last()._2)));
      assertTrue(right.violations(subject, trial).isEmpty());
      assertFalse(wrong.violations(subject, trial).isEmpty());
    }
  }
}
