package lossmith.dsl.print;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lossmith.dsl.Clip;
import lossmith.dsl.Loss;
import org.junit.jupiter.api.Test;

/** What was written, line by line. */
final class ListingTest {
  @Test
  void sharedPartsStandOnceAndTheDefaultOfOldLogProbIsShown() {
    Loss loss =
        maximise(
                ratio()
                    .clip(Clip.around(0.2, 0.3))
                    .stopGradient()
                    .times(given("advantage", TOKEN))
                    .mean(ALL_TOKENS))
            .log("ratio", ratio().stopGradient().mean(ALL_TOKENS));
    assertEquals(
        """
        %1 = trained log_pi : vocabulary
        %2 = of_sampled(%1) : token
        %3 = sg(%2) : token
        %4 = given old_log_prob, otherwise %3 : token
        %5 = minus(%2, %4) : token
        %6 = exp(%5) : token
        %7 = r := %6 : token
        %8 = clip(%7, 0.8, 1.3) : token
        %9 = sg(%8) : token
        %10 = given advantage : token
        %11 = times(%9, %10) : token
        %12 = mean(%11) : batch
        %13 = negate(%12) : batch
        %14 = sg(%7) : token
        %15 = mean(%14) : batch
        part objective = %13
        metric ratio = %15
        trains policy
        """,
        Listing.of(loss));
  }

  @Test
  void conditionsAndNarrowedReductionsSayWhatCounts() {
    var a = given("a", TOKEN);
    assertEquals(
        """
        %1 = given a : token
        %2 = per(beta) : token
        %3 = times(%1, %2) : token
        %4 = 0 < %1 : token condition
        %5 = std(%3, ddof 1) where %4 : sequence
        """,
        Listing.of(
            a.scaledBy(parameter("beta", 1, 0, 2)).std(TOKENS.where(a.positive()), 1).node()));
  }

  @Test
  void aColumnThatOneTermReadsWithoutADefaultHasNone() {
    Loss loss =
        maximise(ratio().minus(given("old_log_prob", TOKEN)).mean(ALL_TOKENS))
            .log("old", given("old_log_prob", TOKEN).mean(ALL_TOKENS));
    assertEquals(
        """
        %1 = trained log_pi : vocabulary
        %2 = of_sampled(%1) : token
        %3 = given old_log_prob : token
        %4 = minus(%2, %3) : token
        %5 = exp(%4) : token
        %6 = r := %5 : token
        %7 = minus(%6, %3) : token
        %8 = mean(%7) : batch
        %9 = negate(%8) : batch
        %10 = mean(%3) : batch
        part objective = %9
        metric old = %10
        trains policy
        """,
        Listing.of(loss));
  }

  @Test
  void aMetricThatReadsAColumnWithoutADefaultTakesItFromTheParts() {
    Loss loss =
        maximise(ratio().mean(ALL_TOKENS))
            .log("old", given("old_log_prob", TOKEN).mean(ALL_TOKENS));
    assertTrue(Listing.of(loss).contains(" = given old_log_prob : token\n"));
    assertFalse(Listing.of(loss).contains("otherwise"));
  }
}
