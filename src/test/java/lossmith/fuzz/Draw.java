package lossmith.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random choices that a seed repeats. */
final class Draw {
  private final Random random;

  Draw(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** {@return a number from 0, smaller than the bound} */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** {@return a number of both bounds and what is between} */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  boolean oneIn(int many) {
    return below(many) == 0;
  }

  double real(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  <T> T of(List<T> some) {
    return some.get(below(some.size()));
  }

  String of(String... some) {
    return some[below(some.length)];
  }

  <T> List<T> shuffled(List<T> given) {
    List<T> all = new ArrayList<>(given);
    java.util.Collections.shuffle(all, random);
    return all;
  }
}
