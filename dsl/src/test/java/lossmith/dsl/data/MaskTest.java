package lossmith.dsl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Terms;
import org.junit.jupiter.api.Test;

/** A token that a mask takes away leaves no trace: masking it and not giving it are the same. */
class MaskTest {
  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(x -> x).toArray();
  }

  @Test
  void maskedIsDeleted() {
    for (long seed = 0; seed < 500; seed++) {
      maskedIsDeleted(seed);
    }
  }

  private static void maskedIsDeleted(long seed) {
    Random random = new Random(seed);
    int responses = 1 + random.nextInt(4);
    int[] all = new int[responses];
    int[] left = new int[responses];
    List<Double> mask = new ArrayList<>();
    List<Double> given = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    List<Double> rows = new ArrayList<>();
    List<Double> keptRows = new ArrayList<>();
    for (int s = 0; s < responses; s++) {
      all[s] = random.nextInt(6);
      for (int t = 0; t < all[s]; t++) {
        boolean exists = random.nextBoolean();
        double x = exists || random.nextBoolean() ? random.nextGaussian() : Double.NaN;
        mask.add(exists ? 1.0 : 0.0);
        given.add(x);
        rows.add(x);
        rows.add(2 * x);
        if (exists) {
          left[s]++;
          kept.add(x);
          keptRows.add(x);
          keptRows.add(2 * x);
        }
      }
    }
    if (kept.isEmpty()) {
      return;
    }
    int[] groups = new int[responses];
    double[] reward = random.doubles(responses).toArray();
    Samples masked =
        new SamplesBuilder(all, groups)
            .column("x", Level.Name.TOKEN, array(given))
            .column(Columns.REWARD, Level.Name.SEQUENCE, reward)
            .sampled(given.stream().mapToInt(x -> Double.isNaN(x) ? -7 : 1).toArray())
            .grid("g", Grid.of(array(rows), 2))
            .mask(array(mask))
            .build();
    Samples deleted =
        new SamplesBuilder(left, groups)
            .column("x", Level.Name.TOKEN, array(kept))
            .column(Columns.REWARD, Level.Name.SEQUENCE, reward)
            .sampled(kept.stream().mapToInt(x -> 1).toArray())
            .grid("g", Grid.of(array(keptRows), 2))
            .build();
    assertEquals(deleted.columns(), masked.columns());
    for (String column : deleted.columns()) {
      assertArrayEquals(deleted.column(column).get(), masked.column(column).get(), column);
    }
    assertArrayEquals(deleted.positions(), masked.positions());
    assertArrayEquals(deleted.sampled().get(), masked.sampled().get());
    for (Level.Name level : List.of(Level.Name.TOKEN, Level.Name.SEQUENCE)) {
      assertArrayEquals(
          deleted.parents(level, Level.Name.GROUP), masked.parents(level, Level.Name.GROUP));
    }
    for (int row = 0; row < deleted.tokens(); row++) {
      for (int v = 0; v < 2; v++) {
        assertEquals(deleted.grid("g").get().get(row, v), masked.grid("g").get().get(row, v));
      }
    }
  }

  /** Rewards: before the first token of the policy, behind one, behind the last, and no number. */
  @Test
  void rewardsOfOtherTokensAreEarnedByTheLastOfThePolicyBeforeThem() {
    double[] rewards = {1, 2, 4, 8, 16, Double.NaN, 32, 64};
    double[] mask = {0, 0, 1, 0, 1, 0, 0, 0};
    Samples samples =
        new SamplesBuilder(new int[] {7, 1}, new int[] {0, 0})
            .mask(mask)
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, rewards)
            .build();
    // The 64 of a response without a token of the policy was earned by nobody.
    assertArrayEquals(
        new double[] {1 + 2 + 4 + 8, 16 + 32}, samples.column(Columns.TOKEN_REWARD).get());
    assertEquals(2, samples.size(Level.Name.SEQUENCE));
  }

  @Test
  void whatIsNoMask() {
    assertTrue(told(new double[] {1}).contains("1 entries; expected 3"), "too short");
    assertTrue(told(new double[] {1, 0.5, 1}).contains("mask[1] = 0.5"), "a weight");
    assertTrue(told(new double[] {1, Double.NaN, 1}).contains("mask[1] = NaN"), "no number");
    assertTrue(told(new double[3]).contains("0 for every token"), "nothing left");
  }

  private static String told(double[] mask) {
    SamplesBuilder builder = new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0}).mask(mask);
    return String.valueOf(assertThrows(ProblemException.class, builder::build).getMessage());
  }

  @Test
  void aNumberThatIsNoneWhereATokenExists() {
    SamplesBuilder builder =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .mask(new double[] {0, 1})
            .column("x", Level.Name.TOKEN, new double[] {1, Double.POSITIVE_INFINITY});
    assertThrows(ProblemException.class, builder::build);
  }

  @Test
  void existenceIsNoColumn() {
    String told =
        String.valueOf(
            assertThrows(
                    ProblemException.class,
                    () -> assertEquals("", Terms.given("response_mask", Axis.TOKEN).toString()))
                .getMessage());
    assertTrue(told.contains("SamplesBuilder.mask"), told);
  }
}
