package lossmith.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Seq;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Findings about the rewards of a prompt, and responses to one that are the same. */
class RewardFindingsTest {
  @TempDir Path folder = Path.of("");

  /** Prompts of these rewards, a response for each. */
  private Recorded prompts(double[]... rewards) {
    RowsFile file = new RowsFile();
    for (int g = 0; g < rewards.length; g++) {
      for (double reward : rewards[g]) {
        file.row(g, "tokens", new int[] {1}, "log_prob", new double[] {-1}, "reward", reward);
      }
    }
    return file.read(folder);
  }

  private static double[] of(double... rewards) {
    return rewards;
  }

  @Test
  void groupsWithoutInformationAreCounted() {
    Seq<RolloutFinding> found =
        new GroupInformation()
            .of(
                prompts(
                    of(0, 1),
                    of(1, 1, 1),
                    of(0.1 + 0.2, 0.3, 0.3),
                    of(0.5f + 1e-7f, 0.5),
                    of(0.3, 0.30001),
                    of(0)));
    RolloutFinding none = RowsFile.named(found, "no-information").single();
    assertEquals(Severity.NOTE, none.severity());
    assertEquals(3, none.count());
    assertEquals("row 3", none.first().get().toString());
    assertEquals(3 / 5.0, none.numbers().get("share").get(), 1e-12);
  }

  @Test
  void rewardsThatDifferNowhereAreAWarning() {
    Seq<RolloutFinding> found = new GroupInformation().of(prompts(of(1, 1), of(0, 0)));
    assertEquals(Severity.WARNING, RowsFile.named(found, "no-information").single().severity());
    assertTrue(
        RowsFile.named(new GroupInformation().of(prompts(of(1, 0))), "no-information").isEmpty());
  }

  static Stream<Arguments> ranges() {
    return Stream.of(
        Arguments.of(of(0, 1), ""),
        Arguments.of(of(0, 1e200), "reward-overflow"),
        Arguments.of(of(-1.7e308, 1.7e308), "reward-overflow"),
        Arguments.of(of(1e200, 1e200), ""),
        Arguments.of(of(0, 1e100), "reward-overflow-float32"),
        Arguments.of(of(0, 1e18), ""),
        Arguments.of(of(16777216, 16777217), "reward-rounding"),
        Arguments.of(of(0.3, 0.3 * (1 + 1e-7)), "reward-rounding"),
        Arguments.of(of(0.3, 0.3001), ""),
        Arguments.of(of(0.1 + 0.2, 0.3), ""),
        Arguments.of(of(0, 1, 1e10), "reward-spread"),
        Arguments.of(of(0, 1, 1000), ""),
        Arguments.of(of(0, 0.1 + 0.2, 0.3, 1), ""));
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void arithmeticThatGoesWrongIsTold(double[] rewards, String code) {
    Seq<RolloutFinding> found = new RewardRange().of(prompts(of(0, 1), rewards));
    assertEquals(
        code.isEmpty() ? List.of() : List.of(code), found.map(RolloutFinding::code).asJava());
    for (RolloutFinding one : found) {
      assertEquals(1, one.count());
      assertEquals("row 3", one.first().get().toString());
      assertEquals(
          code.equals("reward-overflow") ? Severity.ERROR : Severity.WARNING, one.severity());
    }
  }

  private static void row(RowsFile file, int prompt, int[] tokens, int... mask) {
    file.row(
        prompt,
        "tokens",
        tokens,
        "log_prob",
        RowsFile.copies(tokens.length, -1),
        "response_mask",
        mask);
  }

  /** Only tokens of the policy count, and only within a prompt. */
  @Test
  void identicalResponsesAreCounted() {
    RowsFile file = new RowsFile();
    row(file, 1, new int[] {1, 2, 3}, 1, 1, 1);
    row(file, 1, new int[] {1, 2, 3, 0}, 1, 1, 1, 0);
    row(file, 1, new int[] {1, 2}, 1, 1);
    row(file, 1, new int[] {1, 5, 2, 3}, 1, 0, 1, 1);
    row(file, 2, new int[] {1, 2, 3}, 1, 1, 1);
    row(file, 2, new int[] {1, 2, 4}, 1, 1, 1);
    RolloutFinding found = new GroupInformation().of(file.read(folder)).single();
    assertEquals("identical-responses", found.code());
    assertEquals(Severity.NOTE, found.severity());
    assertEquals(2, found.count());
    assertEquals("row 2", found.first().get().toString());
    RowsFile greedy = new RowsFile();
    row(greedy, 1, new int[] {1}, 1);
    row(greedy, 1, new int[] {1}, 1);
    row(greedy, 2, new int[] {2}, 1);
    row(greedy, 2, new int[] {2}, 1);
    RolloutFinding same = new GroupInformation().of(greedy.read(folder)).single();
    assertEquals(Severity.WARNING, same.severity());
  }
}
