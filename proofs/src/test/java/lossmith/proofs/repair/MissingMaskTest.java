package lossmith.proofs.repair;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.mutation.Mutant;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import org.junit.jupiter.api.Test;

/** A mask as a factor leaves what is masked in the denominator, and the report says where. */
class MissingMaskTest {
  private static final Claim MASKED = new Claim.Masked("token_mask");

  private static Detached<Token> mask() {
    return given("token_mask", TOKEN);
  }

  private static Term<Token> objective() {
    return ratio().times(Advantages.groupNormalised(reward(), Conventions.paper()));
  }

  private static Proof prove(Term<Batch> objective, Claim... claims) {
    try (Subject subject =
        new Subject("mine", maximise(objective), List.of(claims), Option.none())) {
      return Prover.prove(subject, Laws.of(subject), 20, 1);
    }
  }

  private static Seq<String> padding(Term<Batch> objective) {
    try (Subject subject = new Subject("mine", maximise(objective))) {
      return MissingMask.of(subject.loss(), List.range(1, 30).map(subject::trial))
          .map(MissingMask::toString);
    }
  }

  private static void assertPadding(String over, Term<Batch> objective) {
    Seq<String> said = padding(objective);
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.head().contains("write " + over + ".where(m)"), said::toString);
  }

  private static void assertNone(Term<Batch> objective) {
    assertEquals(List.empty(), padding(objective));
  }

  @Test
  void withoutAClaimTheReportSaysWhichMeanAndWhatToWrite() {
    Proof proof = prove(objective().times(mask()).mean(ALL_TOKENS));
    assertEquals("mask-honoured", proof.findings().map(f -> f.law().name()).mkString());
    String said = proof.findings().head().cause().getOrElse("");
    assertTrue(said.startsWith("where token_mask > 0 does not hold"), proof::toString);
    assertTrue(said.contains("ALL_TOKENS.where(m), m the condition token_mask > 0"), said);
  }

  @Test
  void withTheClaimTheFirstRepairIsWhereAndNoneMakesTheGradientZero() {
    Proof proof = prove(objective().times(mask()).mean(ALL_TOKENS), MASKED);
    assertEquals("masked", proof.findings().map(f -> f.law().name()).mkString());
    Seq<String> repairs = proof.repairs().map(Mutant::toString);
    assertTrue(repairs.head().startsWith("where(token_mask > 0) is missing"), repairs::toString);
    assertTrue(repairs.forAll(r -> !r.contains("comparison reversed")), repairs::toString);
  }

  @Test
  void itIsFoundHoweverItIsWritten() {
    Term<Token> x = objective();
    assertPadding("ALL_TOKENS", mask().times(x).negated().mean(ALL_TOKENS));
    assertPadding("ALL_TOKENS", x.times(mask()).minus(logProb().times(mask())).mean(ALL_TOKENS));
    assertPadding("ALL_TOKENS", select(mask().positive(), x, constant(0, TOKEN)).mean(ALL_TOKENS));
    assertPadding("ALL_TOKENS", x.weightedBy(mask().positive().indicator()).mean(ALL_TOKENS));
    assertPadding("ALL_TOKENS", x.times(mask()).sum(ALL_TOKENS).dividedBy(count(ALL_TOKENS)));
    assertPadding("TOKENS", x.times(mask()).mean(TOKENS).mean(ALL_SEQUENCES));
    assertPadding(
        "ALL_SEQUENCES",
        x.mean(TOKENS).times(given(Columns.FINISHED, Axis.SEQUENCE)).mean(ALL_SEQUENCES));
  }

  @Test
  void aDenominatorThatKnowsTheMaskIsLeftAlone() {
    Term<Token> x = objective();
    assertNone(x.times(mask()).mean(ALL_TOKENS.where(mask().positive())));
    assertNone(
        x.times(mask()).sum(ALL_TOKENS).dividedBy(count(ALL_TOKENS.where(mask().positive()))));
    assertNone(x.times(mask()).mean(ALL_TOKENS).dividedBy(mask().mean(ALL_TOKENS)));
    assertNone(x.times(mask()).sum(ALL_TOKENS).dividedBy(given("batch_tokens", BATCH)));
  }

  @Test
  void aFactorThatIsMoreThanAMaskIsLeftAlone() {
    assertNone(objective().times(given("state", TOKEN)).mean(ALL_TOKENS));
    assertNone(objective().plus(mask()).mean(ALL_TOKENS));
  }
}
