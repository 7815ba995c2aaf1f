package lossmith.proofs.repair;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import java.util.regex.Pattern;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.Finding;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Subject;
import org.junit.jupiter.api.Test;

/** A finding names the term that breaks a law, and what breaks with it stands under it. */
final class CausesTest {
  private static Proof prove(Loss loss) {
    try (Subject subject = new Subject("mine", loss)) {
      return Prover.prove(subject, Laws.of(subject), 30, 1);
    }
  }

  @Test
  void aQuotientOfNothingByNothingIsNamedOnceForAllThatItBreaks() {
    Detached<Token> mask = given("loss_mask", TOKEN);
    Proof proof =
        prove(
            maximise(
                logProb()
                    .times(reward().per(TOKEN))
                    .weightedBy(mask)
                    .sum(TOKENS)
                    .dividedBy(mask.sum(TOKENS))
                    .mean(ALL_SEQUENCES)));
    Seq<String> causes =
        proof
            .findings()
            .filter(finding -> finding.law().name().equals("finite"))
            .flatMap(finding -> finding.cause());
    assertTrue(causes.exists(cause -> cause.contains("loss_mask")), proof::toString);
    assertTrue(
        causes.exists(cause -> cause.endsWith("although all that it is made of is finite")),
        proof::toString);
    String report = proof.report();
    assertEquals(
        1, report.split("likely because " + Pattern.quote(causes.head()), -1).length - 1, report);
    assertTrue(report.contains("broken by the same cause: "), report);
  }

  @Test
  void theAdvantageThatALawBlamesIsShown() {
    Detached<Token> a =
        reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE).times(reward())).per(TOKEN);
    Proof proof =
        prove(
            maximise(
                min(ratio().times(a), ratio().clip(Clip.between(0.8, 1.2)).times(a))
                    .mean(ALL_TOKENS)));
    assertTrue(
        proof
            .findings()
            .filter(finding -> finding.law().name().equals("baseline-shift"))
            .exists(finding -> finding.cause().exists(why -> why.startsWith("the advantage is "))),
        proof::toString);
  }

  @Test
  void theMaximumForTheMinimumIsNamedAndNothingElseIsOffered() {
    Detached<Token> a = reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE)).per(TOKEN);
    Proof proof =
        prove(
            maximise(
                max(ratio().times(a), ratio().clip(Clip.between(0.8, 1.2)).times(a))
                    .mean(ALL_TOKENS)));
    assertTrue(
        proof
            .findings()
            .flatMap(finding -> finding.cause())
            .exists(why -> why.endsWith("the minimum of both was expected")),
        proof::toString);
    assertEquals(1, proof.repairs().size(), proof::toString);
    assertTrue(proof.repairs().head().toString().startsWith("max → min at "), proof::toString);
  }

  private static Seq<String> causes(Proof proof) {
    return proof.findings().flatMap(Finding::cause);
  }

  private static Detached<Token> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)).per(TOKEN);
  }

  @Test
  void theStatisticThatCountsWhatAMaskLeavesOutIsNamed() {
    Condition<Token> kept = given("loss_mask", TOKEN).above(constant(0, TOKEN));
    Detached<Token> entropy = entropy().stopGradient();
    Condition<Token> high =
        kept.and(entropy.atLeast(entropy.quantile(constant(0.5, BATCH), ALL_TOKENS).per(TOKEN)));
    Proof proof = prove(maximise(ratio().weightedBy(centred()).mean(ALL_TOKENS.where(high))));
    assertTrue(
        causes(proof)
            .exists(
                why ->
                    why.startsWith("quantile_{i,t}(")
                        && why.endsWith("changes with the tokens whose loss_mask is 0")),
        proof::toString);
  }

  @Test
  void whatIsCountedBesideAGivenCountIsNamed() {
    var tokens = given("batch_tokens", BATCH);
    var longest = length().max(ALL_SEQUENCES);
    Proof proof =
        prove(
            maximise(
                ratio().weightedBy(centred()).sum(ALL_TOKENS).dividedBy(tokens.times(longest))));
    assertTrue(
        causes(proof).exists(why -> why.endsWith("is counted in the batch at hand alone")),
        proof::toString);
  }

  @Test
  void aSumThatNothingDividesAndAMeanThatIsDividedAgainAreNamed() {
    Term<Token> step = ratio().weightedBy(centred());
    Proof sum = prove(maximise(step.sum(ALL_TOKENS)));
    assertTrue(
        causes(sum).exists(why -> why.startsWith("nothing divides the sum ")), sum::toString);
    Proof twice = prove(maximise(step.mean(ALL_TOKENS).dividedBy(length().sum(ALL_SEQUENCES))));
    assertTrue(
        causes(twice).exists(why -> why.contains(" is a mean and is divided again, by ")),
        twice::toString);
  }

  /** Who reads one screen reads the mistake; what only shows that something is wrong is a name. */
  @Test
  void whatTellsLeastIsNamedUnderWhatTells() {
    Proof proof = prove(maximise(ratio().weightedBy(centred()).scaledBy(1000).mean(ALL_TOKENS)));
    String report = proof.report();
    assertTrue(report.startsWith("mine breaks fixed-factor: "), report);
    assertTrue(report.contains("  to mend it: take that number out"), report);
    assertTrue(
        report.contains("  broken too, likely by the same mistake: step-size (--law"), report);
    assertFalse(report.contains("breaks step-size"), report);
  }
}
