package lossmith.proofs;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.law.BatchLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.law.Rearrangement;
import lossmith.proofs.subject.Draws;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Ties;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Proofs of objectives that rank numbers of which some are always equal. */
final class TiedProofsTest {
  private static final int CASES = 15;

  private static Loss weighted(Detached<Token> weight) {
    return maximise(ratio().weightedBy(weight).mean(ALL_TOKENS));
  }

  private static Loss kept(Condition<Token> which) {
    return maximise(ratio().weightedBy(reward().per(TOKEN)).mean(ALL_TOKENS.where(which)));
  }

  private static Map<String, Loss> losses() {
    Detached<Token> response = reward().per(TOKEN);
    Detached<Token> indicator =
        select(response.above(constant(0, TOKEN)), constant(1, TOKEN), constant(0, TOKEN));
    Detached<Token> mask = given("token_mask", TOKEN);
    Detached<Token> a = Advantages.groupNormalised(reward(), Conventions.paper());
    return LinkedHashMap.<String, Loss>empty()
        .put("constant-all", weighted(constant(1, TOKEN).rank(ALL_TOKENS)))
        .put("constant-tokens", kept(constant(1, TOKEN).top(constant(2, SEQUENCE), TOKENS)))
        .put("response-level", kept(response.top(constant(3, BATCH), ALL_TOKENS)))
        .put("response-level-tokens", weighted(response.rank(TOKENS)))
        .put("advantage", kept(a.top(constant(3, BATCH), ALL_TOKENS)))
        .put("advantage-abs", kept(a.abs().top(constant(2, GROUP), lossmith.dsl.Over.GROUP_TOKENS)))
        .put("indicator", weighted(indicator.rank(ALL_TOKENS)))
        .put("mask", kept(mask.top(constant(4, BATCH), ALL_TOKENS)))
        .put("mask-where", weighted(mask.rank(ALL_TOKENS.where(mask.above(constant(0, TOKEN))))))
        .put("batch-number", weighted(given("batch_tokens", BATCH).per(TOKEN).rank(TOKENS)))
        .put("zeros", weighted(given("value", TOKEN).scaledBy(0).rank(ALL_TOKENS)))
        .put(
            "rewards",
            maximise(
                logProb().mean(TOKENS).weightedBy(reward().rank(SEQUENCES)).mean(ALL_SEQUENCES)))
        .put(
            "pass",
            maximise(
                logProb()
                    .mean(TOKENS)
                    .weightedBy(given("second_reward", SEQUENCE).rank(SEQUENCES))
                    .mean(ALL_SEQUENCES)))
        .put(
            "lengths",
            maximise(
                logProb()
                    .mean(TOKENS)
                    .weightedBy(constant(1, TOKEN).sum(TOKENS).rank(ALL_SEQUENCES))
                    .mean(ALL_SEQUENCES)))
        .put(
            "pairs",
            maximise(
                logProb()
                    .sum(TOKENS)
                    .weightedBy(Terms.sign())
                    .weightedBy(constant(1, SEQUENCE).rank(ALL_SEQUENCES))
                    .mean(ALL_SEQUENCES)))
        .put(
            "clipped",
            kept(
                ratio()
                    .stopGradient()
                    .clip(lossmith.dsl.Clip.around(0.2, 0.2))
                    .top(constant(2, SEQUENCE), TOKENS)))
        .put("ratio", kept(ratio().stopGradient().top(constant(2, SEQUENCE), TOKENS)))
        .put(
            "entries",
            maximise(
                Terms.expected(
                        logPi(), logPi().weightedBy(constant(0, VOCABULARY_ENTRY).rank(VOCABULARY)))
                    .mean(ALL_TOKENS)))
        .put(
            "entries-top",
            maximise(
                Terms.expected(
                        logPi(),
                        select(
                            logPi().stopGradient().exp().top(constant(2, TOKEN), VOCABULARY),
                            logPi(),
                            constant(0, VOCABULARY_ENTRY)))
                    .mean(ALL_TOKENS)));
  }

  @TestFactory
  Stream<DynamicTest> equalNumbersAreRankedAndProvedAllTheSame() {
    return losses()
        .toJavaStream()
        .map(loss -> DynamicTest.dynamicTest(loss._1, () -> proved(loss._1, loss._2)));
  }

  private static void proved(String name, Loss loss) {
    try (Subject subject = new Subject(name, loss)) {
      Proof proof = Prover.prove(subject, Laws.all(), CASES, 1);
      assertTrue(proof.holds(), proof::toString);
      Draws draws = proof.draws();
      assertEquals(CASES, draws.drawn());
      assertTrue(Draws.spread(draws.tokens()).get(1) > 5, proof::toString);
      assertTrue(draws.tied().nonEmpty(), proof::toString);
    }
  }

  /** Members that are not ranked against each other, or do not count, are no ties. */
  @Test
  void tiesAreLookedForAmongWhatIsRanked() {
    Detached<Token> position = Terms.position();
    Detached<Token> response = reward().per(TOKEN);
    assertEquals(List.empty(), ties(weighted(position.rank(TOKENS))));
    assertTrue(ties(weighted(position.rank(ALL_TOKENS))).nonEmpty());
    assertTrue(ties(weighted(response.rank(TOKENS))).nonEmpty());
    assertEquals(
        List.empty(),
        ties(weighted(response.rank(TOKENS.where(position.below(constant(1, TOKEN)))))));
  }

  private static Seq<String> ties(Loss loss) {
    try (Subject subject = new Subject("ties", loss)) {
      return List.range(0, 4)
          .map(i -> subject.trial(5L * i, Trial.Kind.ORDINARY))
          .flatMap(trial -> Ties.tied(subject, trial));
    }
  }

  /** Tied members in another order are ranked otherwise: the law must keep theirs. */
  @Test
  void aTieThatIsTakenOutOfItsOrderChangesTheLoss() {
    Loss loss = weighted(constant(1, TOKEN).rank(ALL_TOKENS));
    try (Subject subject = new Subject("tied", loss)) {
      Trial trial =
          Stream.iterate(0L, seed -> seed + 5)
              .limit(20)
              .map(seed -> subject.trial(seed, Trial.Kind.ORDINARY))
              .filter(t -> BatchLaws.permutation().silent().of(subject, t).isDefined())
              .findFirst()
              .orElseThrow();
      int sequences = trial.samples().size(Level.Name.SEQUENCE);
      int[] back = IntStream.range(0, sequences).map(s -> sequences - 1 - s).toArray();
      Reference here = new Reference(trial.samples(), trial.parameters());
      Reference turned = new Reference(Batches.of(trial.samples(), back), trial.parameters());
      Node value = subject.bound(Surface.STATISTICS).value();
      assertTrue(Math.abs(here.number(value) - turned.number(value)) > 1e-6);
    }
  }

  @Test
  void anOrderKeepsWhatIsTiedInPlace() {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      Rearrangement orders = new Rearrangement(5).keeping(List.of(new int[] {0, 3, 4}), m -> m);
      List<Integer> order = List.ofAll(orders.draw(random));
      assertEquals(List.of(0, 1, 2, 3, 4), order.sorted());
      assertEquals(List.of(0, 3, 4), order.filter(m -> m == 0 || m == 3 || m == 4));
      assertTrue(!orders.fixed(0, 1, 2, 3, 4) && orders.fixed(0, 3, 4));
    }
  }
}
