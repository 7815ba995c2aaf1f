package lossmith.proofs.subject;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.concurrent.atomic.AtomicInteger;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Samples;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;

/** Draws end, and what was drawn is told. */
final class DrawsTest {
  private static final int CASES = 20;

  /** exp of a response's reward at each of its tokens: equal but for the last bits. */
  private static final Loss ROUNDED =
      maximise(logProb().weightedBy(reward().per(TOKEN).exp().rank(ALL_TOKENS)).mean(ALL_TOKENS));

  private static Samples rewards(Samples drawn, double reward) {
    double[] all = new double[drawn.size(Level.Name.SEQUENCE)];
    java.util.Arrays.fill(all, reward);
    return drawn.with(Columns.REWARD, Level.Name.SEQUENCE, all);
  }

  private static Proof proof(Loss loss, double reward, AtomicInteger draws) {
    Narrowing narrowing =
        new Narrowing(
            HashMap.empty(),
            drawn -> {
              draws.incrementAndGet();
              return rewards(drawn, reward);
            });
    try (Subject subject = new Subject("mine", loss, List.empty(), Option.none(), narrowing)) {
      return Prover.prove(subject, Laws.of(subject), CASES, 1);
    }
  }

  @Test
  void aCaseThatIsTurnedDownAgainAndAgainIsGivenUp() {
    try (Subject grpo = new Subject("grpo", new Grpo().loss(Conventions.paper()))) {
      AtomicInteger draws = new AtomicInteger();
      Attempt attempt =
          Attempt.of(
              () -> {
                draws.incrementAndGet();
                return grpo.draw(1, Trial.Kind.ORDINARY);
              },
              trial -> Option.some("never"));
      assertEquals(Attempt.LIMIT, draws.get());
      assertEquals(LinkedHashMap.of("never", Attempt.LIMIT), attempt.again());
      ProblemException wrong =
          assertThrows(
              ProblemException.class,
              () -> {
                Trial unused = attempt.orThrow("grpo", Trial.Kind.ORDINARY);
              });
      assertTrue(wrong.toString().contains("never (100)"), wrong.toString());
    }
  }

  @Test
  void whatRoundingAlwaysDecidesEndsAndIsNoProof() {
    AtomicInteger draws = new AtomicInteger();
    Proof proof = proof(ROUNDED, 0.7, draws);
    int observing = 40 + 400 + 1; // observations, the law of live parameters
    assertTrue(draws.get() <= Attempt.LIMIT * (CASES + observing), "" + draws);
    assertFalse(proof.holds(), proof::toString);
    assertTrue(proof.toString().contains("mine is NOT PROVED: only"), proof::toString);
    assertTrue(
        proof.toString().contains("rounding decided the order of the rank of exp(reward)"),
        proof::toString);
    assertTrue(proof.draws().again().values().sum().intValue() <= Attempt.LIMIT * CASES);
  }

  @Test
  void lawsOfNothingAreNoProof() {
    Loss masked =
        maximise(
            logProb()
                .weightedBy(reward().per(TOKEN))
                .mean(ALL_TOKENS.where(reward().per(TOKEN).above(constant(1, TOKEN)))));
    Proof proof = proof(masked, 0.5, new AtomicInteger());
    assertEquals(
        List.of("live-parts", "prompt-heard", "reward-heard"),
        proof.findings().map(finding -> finding.law().name()),
        "what nothing moves is told, and nothing else: " + proof);
    assertFalse(proof.holds(), proof::toString);
    assertTrue(proof.toString().contains("the gradient is 0 in each of the 20"), proof::toString);
  }

  @Test
  void sizesOfTheCasesAreTold() {
    try (Subject grpo = new Subject("grpo", new Grpo().loss(Conventions.paper()))) {
      Proof proof = Prover.prove(grpo, Laws.of(grpo), CASES, 1);
      assertTrue(proof.holds(), proof::toString);
      Draws draws = proof.draws();
      assertEquals(CASES, draws.drawn());
      assertEquals(
          List.range(1, 1 + CASES)
              .map(seed -> grpo.trial(seed))
              .grouped(Trial.Kind.ROUND)
              .map(round -> round.partition(trial -> trial.kind() == Trial.Kind.ORDINARY))
              .flatMap(round -> round._1.appendAll(round._2))
              .map(trial -> trial.samples().tokens())
              .toList(),
          draws.tokens(),
          "the ordinary case of each round, and then its others");
      assertEquals(List.of(1, 3, 9), Draws.spread(List.of(9, 1, 2, 3, 4)));
      assertTrue(draws.lines().head().startsWith("20 cases of "), draws::toString);
      // permutation speaks of cases with ordinary numbers alone: of half of the kinds
      assertEquals(Option.some(ordinary()), proof.cases().get("permutation"));
    }
  }

  private static int ordinary() {
    return List.rangeClosed(1, CASES)
        .count(seed -> Trial.Kind.of(seed).numbers() == Trial.Kind.ORDINARY);
  }
}
