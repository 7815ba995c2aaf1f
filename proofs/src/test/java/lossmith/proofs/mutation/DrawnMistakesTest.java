package lossmith.proofs.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.mutation.DrawnMistake.Outcome;
import org.junit.jupiter.api.Test;

/**
 * Random right objectives with one random mistake each are told from right ones without a claim,
 * and without the mistake nothing is said of them. {@code lossmith.mistakes} says how many are
 * drawn and {@code lossmith.mistakes.seed} from which seed on, so that a long run can be cut into
 * slices and taken up again.
 */
final class DrawnMistakesTest {
  private static final int COUNT = Integer.getInteger("lossmith.mistakes", 12);
  private static final long FIRST = Long.getLong("lossmith.mistakes.seed", 1);

  /** Of a dozen; of hundreds it is more, most of what is missed is peculiar to one objective. */
  private static final double SHARE = 0.75;

  private static Seq<Long> seeds() {
    return List.range(FIRST, FIRST + COUNT);
  }

  @Test
  void mistakesAreCaughtWithoutClaims() {
    Seq<DrawnMistake> all =
        seeds().toJavaStream().map(DrawnMistakesTest::tried).collect(List.collector());
    int caught = all.count(one -> one.outcome() == Outcome.CAUGHT);
    Seq<DrawnMistake> missed = all.filter(one -> one.outcome() == Outcome.MISSED);
    System.out.println(MistakesTable.of(all));
    assertTrue(
        caught >= SHARE * (caught + missed.size()),
        () -> caught + " caught, missed:\n" + missed.mkString("\n"));
  }

  private static DrawnMistake tried(long seed) {
    DrawnMistake one = DrawnMistake.of(seed);
    System.out.println(one);
    return one;
  }

  @Test
  void nothingIsSaidOfRightObjectives() {
    Seq<String> alarms =
        seeds()
            .flatMap(
                seed ->
                    DrawnMistake.falseAlarms(seed)
                        .map(law -> seed + " " + RightObjective.draw(seed).name() + ": " + law));
    alarms.forEach(System.out::println);
    assertEquals(List.empty(), alarms);
  }
}
