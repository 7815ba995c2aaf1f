package lossmith.cli;

import java.util.random.RandomGenerator;
import lossmith.lab.task.Alphabet;

/** A task that answers some of what it is asked with null. */
class SilentTask extends OwnTaskTest.Again {
  private final String silent;

  SilentTask(String silent) {
    this.silent = silent;
  }

  @SuppressWarnings("NullAway") // A user's class, which nothing checks.
  private <T> T unless(String method, T answer) {
    return method.equals(silent) ? null : answer;
  }

  @Override
  public String name() {
    return unless("name", super.name());
  }

  @Override
  public String title() {
    return unless("title", super.title());
  }

  @Override
  public Alphabet symbols() {
    return unless("symbols", super.symbols());
  }

  @Override
  public String prompt(RandomGenerator random) {
    return unless("prompt", super.prompt(random));
  }

  @Override
  public String demonstration(String prompt, RandomGenerator random) {
    return unless("demonstration", super.demonstration(prompt, random));
  }

  @Override
  public double reward(String prompt, String response) {
    return 1;
  }

  @Override
  public String solution(String prompt, String response) {
    return unless("solution", response);
  }

  /** It has no name. */
  public static final class NoName extends SilentTask {
    /** Without one. */
    public NoName() {
      super("name");
    }
  }

  /** It has no title. */
  public static final class NoTitle extends SilentTask {
    /** Without one. */
    public NoTitle() {
      super("title");
    }
  }

  /** It has no symbols. */
  public static final class NoSymbols extends SilentTask {
    /** Without them. */
    public NoSymbols() {
      super("symbols");
    }
  }

  /** It has no prompts. */
  public static final class NoPrompt extends SilentTask {
    /** Without them. */
    public NoPrompt() {
      super("prompt");
    }
  }

  /** It demonstrates nothing. */
  public static final class NoDemonstration extends SilentTask {
    /** Without demonstrations. */
    public NoDemonstration() {
      super("demonstration");
    }
  }

  /** It tells no solutions. */
  public static final class NoSolution extends SilentTask {
    /** Without solutions. */
    public NoSolution() {
      super("solution");
    }
  }
}
