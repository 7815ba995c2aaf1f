package lossmith.dsl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The hash is the generator it is named after, four times over, as the JDK has it. */
final class KeyedHashTest {
  private static long mix(long x) {
    return new SplittableRandom(x).nextLong();
  }

  @Test
  void aNumberIsWhatSplitMix64MakesOfTheKey() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      long seed = random.nextLong();
      long step = random.nextLong();
      long id = random.nextLong();
      int position = random.nextInt();
      double expected =
          new SplittableRandom(mix(mix(mix(seed) ^ step) ^ id) ^ position).nextDouble();
      assertEquals(expected, KeyedHash.uniform(seed, step, id, position));
    }
  }
}
