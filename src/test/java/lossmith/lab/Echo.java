package lossmith.lab;

import java.util.random.RandomGenerator;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Task;

/** A letter is to be written again, and nothing else; a coin decides the demonstration. */
class Echo implements Task {
  private static final Alphabet SYMBOLS = Alphabet.of("abcdefgh:");

  private final double worth;

  Echo(double worth) {
    this.worth = worth;
  }

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String title() {
    return "a letter again";
  }

  @Override
  public Alphabet symbols() {
    return SYMBOLS;
  }

  @Override
  public int longestPrompt() {
    return 3;
  }

  @Override
  public int longestResponse() {
    return 3;
  }

  @Override
  public int warmSteps() {
    return 30;
  }

  @Override
  public String prompt(RandomGenerator random) {
    return "" + (char) ('a' + random.nextInt(8)) + (char) ('a' + random.nextInt(8)) + ":";
  }

  @Override
  public String demonstration(String prompt, RandomGenerator random) {
    return prompt.substring(random.nextInt(2), 2).substring(0, 1);
  }

  @Override
  public double reward(String prompt, String response) {
    return response.equals(prompt.substring(0, 1)) ? worth : 0;
  }
}
