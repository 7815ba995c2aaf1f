package lossmith.lab.task;

import java.util.random.RandomGenerator;

/** Sums of two numbers of two digits, and how they are worked out column by column. */
final class Column {
  private static final int LEAST = 10;
  private static final int BEYOND = 100;

  private Column() {}

  /** {@return a prompt such as {@code 37+48=}} */
  static String prompt(RandomGenerator random) {
    return random.nextInt(LEAST, BEYOND) + "+" + random.nextInt(LEAST, BEYOND) + "=";
  }

  /** {@return the two numbers of a prompt} */
  static int[] numbers(String prompt) {
    int plus = prompt.indexOf('+');
    return new int[] {
      Integer.parseInt(prompt.substring(0, plus)),
      Integer.parseInt(prompt.substring(plus + 1, prompt.length() - 1))
    };
  }

  /** {@return the sum that a prompt asks for} */
  static int sum(String prompt) {
    int[] numbers = numbers(prompt);
    return numbers[0] + numbers[1];
  }

  /**
   * {@return two digits and their sum, such as {@code 7+8=15}, in either order}
   *
   * @param total what is written as the sum
   */
  static String written(int left, int right, int total, RandomGenerator random) {
    return random.nextBoolean()
        ? left + "+" + right + "=" + total
        : right + "+" + left + "=" + total;
  }

  /**
   * {@return the sum of a column, wrong by one with a probability}
   *
   * @param mistake the probability
   */
  static int slipped(int sum, double mistake, RandomGenerator random) {
    if (random.nextDouble() >= mistake) {
      return sum;
    }
    return sum == 0 || random.nextBoolean() ? sum + 1 : sum - 1;
  }
}
