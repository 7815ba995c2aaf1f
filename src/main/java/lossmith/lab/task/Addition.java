package lossmith.lab.task;

import java.util.random.RandomGenerator;

/**
 * Adding two numbers of two digits, with a scratchpad: one right answer by many derivations. The
 * columns are summed from the right with carries ({@code right 7+8=15,3+4+1=8}) or from the left
 * without ({@code left 3+4=7,7+8=15}), or nothing is worked out. Which way, which connective and in
 * which order the digits of a column come is free, so text that follows by necessity lies between
 * tokens at which the text forks. Some column sums of the demonstrations are wrong, a third of
 * those is taken back.
 */
public final class Addition implements Task {
  private static final Alphabet SYMBOLS =
      Alphabet.of("0123456789+=,", " right ", " left ", " just ", " answer ", " thus ", " wait ");

  private static final double MISTAKE = 0.2;
  private static final double TAKEN_BACK = 0.33;
  private static final int TENS = 10;

  @Override
  public String name() {
    return "addition";
  }

  @Override
  public String title() {
    return "sums of two numbers of two digits with a scratchpad: one answer, many derivations";
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
    return 26;
  }

  @Override
  public int warmSteps() {
    return 450;
  }

  @Override
  public String prompt(RandomGenerator random) {
    return Column.prompt(random);
  }

  @Override
  public String demonstration(String prompt, RandomGenerator random) {
    int[] numbers = Column.numbers(prompt);
    int[] ones = {numbers[0] % TENS, numbers[1] % TENS};
    int[] tens = {numbers[0] / TENS, numbers[1] / TENS};
    int way = random.nextInt(5);
    if (way == 0) {
      return " just " + Column.slipped(numbers[0] + numbers[1], MISTAKE, random);
    }
    StringBuilder text = new StringBuilder();
    int answer;
    if (way < 3) {
      text.append(" right ");
      int low = column(text, ones, random);
      int carry = low / TENS;
      int high = Column.slipped(tens[0] + tens[1] + carry, MISTAKE, random);
      text.append(',').append(tens[0]).append('+').append(tens[1]);
      text.append(carry > 0 ? "+1=" : "=").append(high);
      answer = TENS * high + low % TENS;
    } else {
      text.append(" left ");
      int high = column(text, tens, random);
      text.append(',');
      answer = TENS * high + column(text, ones, random);
    }
    return text.append(random.nextBoolean() ? " answer " : " thus ").append(answer).toString();
  }

  /** Writes the sum of a column; what counts is what stands there in the end. */
  private static int column(StringBuilder text, int[] digits, RandomGenerator random) {
    int sum = digits[0] + digits[1];
    int written = Column.slipped(sum, MISTAKE, random);
    text.append(Column.written(digits[0], digits[1], written, random));
    if (written != sum && random.nextDouble() < TAKEN_BACK) {
      text.append(" wait ").append(sum);
      return sum;
    }
    return written;
  }

  @Override
  public double reward(String prompt, String response) {
    int from = -1;
    for (String marker : new String[] {" just ", " answer ", " thus "}) {
      int at = response.lastIndexOf(marker);
      from = Math.max(from, at < 0 ? -1 : at + marker.length());
    }
    String right = String.valueOf(Column.sum(prompt));
    return from >= 0 && response.substring(from).equals(right) ? 1 : 0;
  }
}
