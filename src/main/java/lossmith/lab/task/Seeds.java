package lossmith.lab.task;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Generators of random numbers, one for each use, that depend on nothing but their names. */
public final class Seeds {
  private Seeds() {}

  /**
   * {@return a generator of its own for each sequence of numbers}
   *
   * @param numbers such as the seed of a run, a use, a step, a row
   */
  public static RandomGenerator random(long... numbers) {
    long mixed = numbers.length;
    for (long number : numbers) {
      mixed = new SplittableRandom(mixed ^ number).nextLong();
    }
    return new SplittableRandom(mixed);
  }
}
