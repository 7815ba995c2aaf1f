package lossmith.proofs.independent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Random;
import lossmith.dsl.Loss;
import lossmith.proofs.independent.loops.Oracle;
import org.junit.jupiter.api.Test;

/** A small share of the independent evaluation, and that it notices what is wrong. */
final class IndependentEvaluationTest {
  private static final long SEED = 5;

  /** A subject with dense gradients at every place. */
  private static TwoForms some() {
    return Compositions.of(List.of("group-centred", "ratio", "token-mean", "k2"), new Random(SEED));
  }

  private static FormsOutcome at(Place place, TwoForms subject) {
    try (Compiled compiled = new Compiled(subject.loss())) {
      return Trying.at(place, subject, compiled, SEED).outcome();
    }
  }

  private static TwoForms with(TwoForms subject, Loss loss, Oracle oracle) {
    return new TwoForms(
        subject.name(),
        loss,
        oracle,
        subject.statistics(),
        subject.parameters(),
        subject.trained(),
        subject.throughLogits(),
        subject.batches());
  }

  @Test
  void aShareOfItAgrees() {
    IndependentEvaluation.Report report =
        new IndependentEvaluation(SEED, 3, 3, 1, false).run((done, all) -> {});
    assertTrue(report.holds(), () -> report.tallies() + "\n" + report.differences().mkString("\n"));
    assertEquals(14, report.tallies().size(), "three kinds at five places, pairs at four");
    assertEquals(
        List.of("parts without loops of their own: none", "recipes without a statement: none"),
        report.uncovered());
  }

  @Test
  void aWrongValueIsNoticedWhereverThePolicyEnters() {
    TwoForms right = some();
    for (Place place : Place.values()) {
      assertEquals(
          FormsOutcome.Kind.AGREED, at(place, right).kind(), () -> "as it is, at " + place);
      TwoForms wrong = with(right, right.loss().scaledBy(1 + 1e-7), right.oracle());
      assertEquals(
          FormsOutcome.Kind.DIFFERED, at(place, wrong).kind(), () -> "scaled, at " + place);
    }
  }

  /** Loops that let a gradient through where the term lets none: the value is the same. */
  @Test
  void aWrongSlopeIsNoticedWhereverThePolicyEnters() {
    TwoForms right =
        Compositions.of(List.of("group-centred", "held-ratio", "token-mean"), new Random(SEED));
    TwoForms wrong = with(right, right.loss(), (live, held) -> right.oracle().summands(live, live));
    for (Place place : Place.values()) {
      FormsOutcome outcome = at(place, wrong);
      assertEquals(FormsOutcome.Kind.DIFFERED, outcome.kind(), () -> "at " + place);
      assertTrue(outcome.text().contains("d/d"), outcome::text);
    }
  }

  private static Seq<Stated> recipes(String... names) {
    return AllPairs.stated().filter(recipe -> List.of(names).contains(recipe.name()));
  }

  /** ppo and gmpo have two parameters of one name with other defaults; dpo reads pairs. */
  @Test
  void pairsOfRecipesAddOrAreRefused() {
    AllPairs pairs = AllPairs.of(recipes("ppo", "gmpo", "dpo", "simpo", "bco"), SEED);
    assertEquals(15, pairs.size());
    int clashing = 0;
    for (int i = 0; i < pairs.size(); i++) {
      int number = i;
      FormsOutcome outcome = pairs.compared(i);
      assertEquals(
          FormsOutcome.Kind.AGREED,
          outcome.kind(),
          () -> pairs.pair(number).name() + ": " + outcome.text());
      clashing += pairs.pair(i).clashing().isEmpty() ? 0 : 1;
    }
    assertTrue(clashing >= 2, "pairs that clash: " + clashing);
  }

  @Test
  void aPairWithTheLoopsOfAnotherRecipeIsNoticed() {
    Stated ppo = recipes("ppo").head();
    Stated grpo = recipes("grpo").head();
    Stated mistaken =
        new Stated(
            "mistaken",
            ppo.loss(),
            new StatedOracle(grpo.oracle().statement(), ppo.parameters()),
            ppo.parameters(),
            ppo.statistics(),
            false);
    AllPairs pairs = AllPairs.of(List.of(mistaken, grpo), SEED);
    assertEquals(FormsOutcome.Kind.DIFFERED, pairs.compared(1).kind());
  }

  /** A slope at a kink is no number to compare: |x| at 0, and a jump nearby. */
  @Test
  void differencesSeeKinksAndJumps() {
    assertTrue(Differences.slope(Math::abs, 1).isEmpty());
    assertTrue(Differences.slope(x -> x > 4e-6 ? 1 : 0, 1).isEmpty());
    assertEquals(3, Differences.slope(x -> Math.sin(3 * x), 1).get(), 1e-9);
    assertEquals(-1, Differences.slope(x -> Math.abs(x - 0.01), 1).get(), 1e-9);
  }
}
