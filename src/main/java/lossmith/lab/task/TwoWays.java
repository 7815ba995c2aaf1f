package lossmith.lab.task;

import java.util.random.RandomGenerator;

/**
 * Sums of two numbers of two digits, in two ways. {@code about 8} says how many tens the sum has
 * and is worth a half where that is right; {@code exactly 7+8=15,3+4=85} works the sum out and is
 * worth 1. The start policy mostly takes the first and is good at it, and seldom the second, at
 * which it mostly fails: what it is worth is then no more than the first. Whoever settles for what
 * pays at first never learns what pays in the end; whoever keeps the rare way long enough to become
 * better at it gains by it.
 */
public final class TwoWays implements Task {
  private static final Alphabet SYMBOLS = Alphabet.of("0123456789+=,", " about ", " exactly ");
  private static final double RARE = 0.1;
  private static final double SLIP_EXACTLY = 0.55;
  private static final double SLIP_ABOUT = 0.15;
  private static final int TENS = 10;

  @Override
  public String name() {
    return "two-ways";
  }

  @Override
  public String title() {
    return "sums by an easy way that pays a half and a rare way that pays all";
  }

  @Override
  public Alphabet symbols() {
    return SYMBOLS;
  }

  @Override
  public int longestPrompt() {
    return 6;
  }

  @Override
  public int longestResponse() {
    return 18;
  }

  @Override
  public int warmSteps() {
    return 700;
  }

  @Override
  public String prompt(RandomGenerator random) {
    return Column.prompt(random);
  }

  @Override
  public String demonstration(String prompt, RandomGenerator random) {
    int[] numbers = Column.numbers(prompt);
    int sum = numbers[0] + numbers[1];
    if (random.nextDouble() >= RARE) {
      return " about " + Column.slipped(sum / TENS, SLIP_ABOUT, random);
    }
    int low = numbers[0] % TENS + numbers[1] % TENS;
    int written = Column.slipped(low, SLIP_EXACTLY, random);
    String ones = Column.written(numbers[0] % TENS, numbers[1] % TENS, written, random);
    int high = numbers[0] / TENS + numbers[1] / TENS;
    return " exactly "
        + ones
        + ","
        + numbers[0] / TENS
        + "+"
        + numbers[1] / TENS
        + "="
        + (TENS * high + written);
  }

  @Override
  public double reward(String prompt, String response) {
    int sum = Column.sum(prompt);
    if (response.equals(" about " + sum / TENS)) {
      return 0.5;
    }
    boolean exact = response.startsWith(" exactly ") && response.endsWith("=" + sum);
    return exact ? 1 : 0;
  }
}
