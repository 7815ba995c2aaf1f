package lossmith.proofs.subject;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.stream.Stream;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.trial.Trial;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Columns that no other objective reads are drawn at the level at which they are read. */
final class OwnColumnsTest {
  private static Loss weighted(Detached<Token> weight) {
    return maximise(ratio().weightedBy(weight).mean(ALL_TOKENS));
  }

  private static Map<String, Loss> losses() {
    Detached<Token> teacher = given("teacher_log_prob", TOKEN);
    return io.vavr.collection.LinkedHashMap.<String, Loss>empty()
        .put(
            "teacher",
            maximise(ratio().weightedBy(teacher.minus(Terms.oldLogProb())).mean(ALL_TOKENS)))
        .put("advantage-response", weighted(given("advantage", SEQUENCE).per(TOKEN)))
        .put("advantage-token", weighted(given("advantage", TOKEN)))
        .put("group", weighted(given("my_group_number", GROUP).per(TOKEN)))
        .put(
            "batch",
            maximise(
                logProb()
                    .dividedBy(given("temperature_of_batch", BATCH).per(TOKEN))
                    .mean(ALL_TOKENS)))
        .put("reward-token", weighted(given("reward", TOKEN)))
        .put("value-response", weighted(given("value", SEQUENCE).per(TOKEN)))
        .put("reference-response", weighted(given("ref_log_prob", SEQUENCE).per(TOKEN)))
        .put(
            "mask",
            maximise(
                ratio()
                    .weightedBy(given("advantage", TOKEN))
                    .mean(ALL_TOKENS.where(given("my_mask", TOKEN).above(constant(0, TOKEN))))))
        .put(
            "vocabulary",
            maximise(
                Terms.expected(Terms.logPi(), given("teacher_log_pi", VOCABULARY_ENTRY))
                    .mean(ALL_TOKENS)))
        .put(
            "all",
            weighted(
                    given("advantage", SEQUENCE)
                        .per(TOKEN)
                        .times(given("group_weight", GROUP).per(TOKEN)))
                .log("kl", teacher.mean(Over.ALL_TOKENS)));
  }

  @TestFactory
  Stream<DynamicTest> theyAreDrawnAndProved() {
    return losses()
        .toJavaStream()
        .map(loss -> DynamicTest.dynamicTest(loss._1, () -> proved(loss._1, loss._2)));
  }

  private static void proved(String name, Loss loss) {
    try (Subject subject = new Subject(name, loss)) {
      Proof proof = Prover.prove(subject, Laws.of(subject), 15, 1);
      assertTrue(proof.holds(), proof::toString);
      assertEquals(15, proof.draws().drawn());
      Seq<String> read = OwnColumns.reads(loss).map(input -> input.name());
      assertTrue(read.containsAll(proof.draws().own().keySet()), proof::toString);
      assertTrue(proof.draws().own().nonEmpty(), proof::toString);
    }
  }

  private static Seq<double[]> drawn(String name, Loss loss) {
    try (Subject subject = new Subject("own", loss)) {
      return List.range(0, 60)
          .map(seed -> subject.draw(seed, Trial.Kind.of(seed)).samples().column(name).get());
    }
  }

  private static boolean all(Seq<double[]> columns, DoublePredicate is) {
    return columns.forAll(x -> Arrays.stream(x).allMatch(is));
  }

  private static boolean any(Seq<double[]> columns, DoublePredicate is) {
    return columns.exists(x -> Arrays.stream(x).anyMatch(is));
  }

  @Test
  void numbersWithoutAMeaningTakeBothSignsZeroTiesAndExtremes() {
    Seq<double[]> drawn = drawn("advantage", weighted(given("advantage", TOKEN)));
    assertTrue(any(drawn, x -> x > 0) && any(drawn, x -> x < 0) && any(drawn, x -> x == 0));
    assertTrue(any(drawn, x -> Math.abs(x) > 100) && any(drawn, x -> x != 0 && Math.abs(x) < 1e-2));
    assertTrue(drawn.exists(x -> Arrays.stream(x).distinct().count() < x.length));
    assertTrue(all(drawn, Double::isFinite));
  }

  @Test
  void aNameThatTellsItsDomainIsDrawnFromIt() {
    assertTrue(all(drawn("teacher_log_prob", losses().get("teacher").get()), x -> x <= 0));
    assertTrue(all(drawn("my_mask", losses().get("mask").get()), x -> x == 0 || x == 1));
    assertTrue(all(drawn("temperature_of_batch", losses().get("batch").get()), x -> x > 0));
    assertEquals(
        List.of(
            Domain.LOG_PROBABILITY,
            Domain.LOG_PROBABILITY,
            Domain.INDICATOR,
            Domain.SIGN,
            Domain.SHARE,
            Domain.ENTROPY,
            Domain.COUNT,
            Domain.NUMBER,
            Domain.ANY,
            Domain.ANY),
        List.of(
                "teacher_logprobs",
                "log_pi_teacher",
                "is_correct",
                "my_sign",
                "teacher_prob",
                "teacher_entropy",
                "turn_length",
                "num_items_in_batch",
                "problem",
                "masked_ratio")
            .map(Domain::of));
  }

  @Test
  void whatEveryObjectiveIsDrawnIsNotOwn() {
    try (Subject subject = new Subject("plain", weighted(Terms.reward().per(TOKEN)))) {
      assertEquals(HashSet.empty(), subject.own().keySet());
    }
  }
}
