package lossmith.lab.task;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reaching a number from another: {@code 7>24:} is answered by a chain such as {@code +9=16+8=24},
 * in which every result is right and the last one is the target. Very many chains are. A part of
 * the demonstrations ends beside the target.
 */
public final class ReachTarget implements Task {
  private static final Alphabet SYMBOLS = Alphabet.of("0123456789+-*=>:");
  private static final Pattern LINK = Pattern.compile("([-+*])([1-9])=(\\d{1,2})");
  private static final String SIGNS = "+++--*";
  private static final int LEAST = 10;
  private static final int BEYOND = 25;
  private static final int LARGEST = 24;
  private static final int MOST_LINKS = 3;
  private static final int DIGITS = 10;
  private static final double MISTAKE = 0.2;

  @Override
  public String name() {
    return "target";
  }

  @Override
  public String title() {
    return "chains of sums, differences and products from one number to another: many right"
        + " answers";
  }

  @Override
  public Alphabet symbols() {
    return SYMBOLS;
  }

  @Override
  public int longestPrompt() {
    return 5;
  }

  @Override
  public int longestResponse() {
    return 20;
  }

  @Override
  public int warmSteps() {
    return 800;
  }

  @Override
  public String prompt(RandomGenerator random) {
    return random.nextInt(1, DIGITS) + ">" + random.nextInt(LEAST, BEYOND) + ":";
  }

  @Override
  public String demonstration(String prompt, RandomGenerator random) {
    int target = target(prompt);
    while (true) {
      int total = start(prompt);
      StringBuilder text = new StringBuilder();
      int links = random.nextInt(1, MOST_LINKS + 1);
      for (int link = 1; link < links; link++) {
        total = step(text, total, random);
      }
      int missing = target - total;
      if (missing != 0 && Math.abs(missing) < DIGITS) {
        boolean wrong = random.nextDouble() < MISTAKE;
        int last = wrong ? random.nextInt(1, DIGITS) : Math.abs(missing);
        int end = missing > 0 ? total + last : total - last;
        if (end >= 0) {
          return text.append(missing > 0 ? '+' : '-')
              .append(last)
              .append('=')
              .append(end)
              .toString();
        }
      }
    }
  }

  /** Appends a link that stays in range, and gives its result. */
  private static int step(StringBuilder text, int total, RandomGenerator random) {
    while (true) {
      char sign = SIGNS.charAt(random.nextInt(SIGNS.length()));
      int digit = random.nextInt(1, DIGITS);
      int next = linked(total, sign, digit);
      if (next >= 0 && next <= LARGEST) {
        text.append(sign).append(digit).append('=').append(next);
        return next;
      }
    }
  }

  private static int linked(int total, char sign, int digit) {
    return sign == '+' ? total + digit : sign == '-' ? total - digit : total * digit;
  }

  private static int start(String prompt) {
    return prompt.charAt(0) - '0';
  }

  private static int target(String prompt) {
    return Integer.parseInt(prompt.substring(2, prompt.length() - 1));
  }

  @Override
  public double reward(String prompt, String response) {
    int total = start(prompt);
    Matcher link = LINK.matcher(response);
    int at = 0;
    while (at < response.length()) {
      if (!link.find(at) || link.start() != at) {
        return 0;
      }
      total = linked(total, link.group(1).charAt(0), Integer.parseInt(link.group(2)));
      if (!link.group(3).equals(String.valueOf(total))) {
        return 0;
      }
      at = link.end();
    }
    return at > 0 && total == target(prompt) ? 1 : 0;
  }
}
