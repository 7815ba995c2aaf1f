package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task of a user's own, and the mistakes that are easily made in one. */
class OwnTaskTest {
  private static final int LETTERS = 8;

  /** The first of two letters again. */
  public static class Again implements Task {
    @Override
    public String name() {
      return "again";
    }

    @Override
    public String title() {
      return "a letter again";
    }

    @Override
    public Alphabet symbols() {
      return Alphabet.of("abcdefgh:");
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
      return 3;
    }

    @Override
    public String prompt(RandomGenerator random) {
      return letter(random) + letter(random) + ":";
    }

    private static String letter(RandomGenerator random) {
      return String.valueOf((char) ('a' + random.nextInt(LETTERS)));
    }

    @Override
    public String demonstration(String prompt, RandomGenerator random) {
      return prompt.substring(0, 1);
    }

    @Override
    public double reward(String prompt, String response) {
      return response.equals(prompt.substring(0, 1)) ? 1 : 0;
    }
  }

  /** Its prompts are longer than it says. */
  public static final class LongPrompts extends Again {
    @Override
    public int longestPrompt() {
      return 2;
    }
  }

  /** Its demonstrations leave no room for their end. */
  public static final class LongDemonstrations extends Again {
    @Override
    public String demonstration(String prompt, RandomGenerator random) {
      return prompt;
    }
  }

  /** Its prompts have symbols that it does not list. */
  public static final class OtherSymbols extends Again {
    @Override
    public String prompt(RandomGenerator random) {
      return "a?";
    }

    @Override
    public boolean isHeldOut(String prompt) {
      return false;
    }
  }

  /** Its rewards are no numbers. */
  public static final class NoNumbers extends Again {
    @Override
    public double reward(String prompt, String response) {
      return Double.NaN;
    }
  }

  /** Its rewards are beyond 1. */
  public static final class Generous extends Again {
    @Override
    public double reward(String prompt, String response) {
      return 2;
    }
  }

  /** Nothing is right. */
  public static final class Hopeless extends Again {
    @Override
    public double reward(String prompt, String response) {
      return 0;
    }
  }

  /** It does not expect what a model says. */
  public static final class Careless extends Again {
    @Override
    public double reward(String prompt, String response) {
      return Double.parseDouble(response);
    }
  }

  /** Its prompts run out. */
  public static final class Exhausted extends Again {
    @Override
    public String prompt(RandomGenerator random) {
      throw new IllegalStateException("no more words");
    }
  }

  /** It cannot be made from its name alone. */
  public static final class Configured extends Again {
    private final int warmSteps;

    /** With so many steps of demonstrations. */
    public Configured(int warmSteps) {
      this.warmSteps = warmSteps;
    }

    @Override
    public int warmSteps() {
      return warmSteps;
    }
  }

  /** It needs a file that is not there. */
  public static final class Failing extends Again {
    /** Fails. */
    public Failing() {
      throw new IllegalStateException("no words.txt");
    }
  }

  /** One of its symbols is null. */
  public static final class NullSymbol extends Again {
    @Override
    @SuppressWarnings("NullAway") // A user's class, which nothing checks.
    public Alphabet symbols() {
      return Alphabet.of("ab:", "c", null);
    }
  }

  /** Its name cannot be that of a file. */
  public static final class Slashed extends Again {
    @Override
    public String name() {
      return "a/b c";
    }
  }

  /** It does not know which prompts are held out. */
  public static final class Undecided extends Again {
    @Override
    public boolean isHeldOut(String prompt) {
      throw new IllegalStateException("who knows");
    }
  }

  private static String task(String name) {
    return name.contains("$") ? "lossmith.cli." + name : OwnTaskTest.class.getName() + "$" + name;
  }

  @Test
  void aTaskIsTrainedByTheNameOfItsClass(@TempDir Path folder) throws Exception {
    Typed run =
        SmallRuns.train(
            folder, "run", "--task", task("Again"), "--warm-steps", "3", "--steps", "1");
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        SmallRuns.at(SmallRuns.rows(folder.resolve("run")), 1).has("val-core/again/pass@2"),
        run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "LongPrompts; of the task again, whose longestPrompt() is 2",
        "LongDemonstrations; of the task again, whose longestResponse() is 3",
        "OtherSymbols; \"?\" in \"a?\"",
        "NoNumbers; a reward of NaN by the task again",
        "Generous; a reward of 2.0 by the task again",
        "Careless; throws java.lang.NumberFormatException: ",
        "Careless; at lossmith.cli.OwnTaskTest$Careless.reward(OwnTaskTest.java:",
        "Exhausted; whose prompt(random) throws java.lang.IllegalStateException: no more words at",
        "Configured; a constructor without arguments",
        "SilentTask$NoName; SilentTask$NoName, whose name() returns null",
        "SilentTask$NoTitle; the task again, whose title() returns null",
        "SilentTask$NoSymbols; the task again, whose symbols() returns null",
        "SilentTask$NoPrompt; the task again, whose prompt(random) returns null",
        "SilentTask$NoDemonstration; random) returns null",
        "SilentTask$NoSolution; the task again, whose solution(\"",
        "SilentTask$NoSolution; returns null",
        "NullSymbol; \"c\", \"null\"",
        "Slashed; OwnTaskTest$Slashed, whose name() is \"a/b c\"",
        "Undecided; throws java.lang.IllegalStateException: who knows",
        "Failing; whose constructor throws java.lang.IllegalStateException: no words.txt",
      })
  void aMistakeInATaskIsSaid(String name, String said, @TempDir Path folder) {
    Typed run =
        SmallRuns.train(folder, "run", "--task", task(name), "--warm-steps", "3", "--steps", "1");
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains(said), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  @Test
  void aClassThatIsNoTaskIsSaid(@TempDir Path folder) {
    Typed run = SmallRuns.train(folder, "run", "--task", "java.lang.String");
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("java.lang.String, which does not implement"), run.err());
    assertFalse(Files.exists(folder.resolve("run")), "nothing is written");
    String unknown = SmallRuns.train(folder, "run", "--task", "MyTask").err();
    assertTrue(unknown.contains("--class-path"), unknown);
  }
}
