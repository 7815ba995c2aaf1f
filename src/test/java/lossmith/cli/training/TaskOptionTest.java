package lossmith.cli.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import lossmith.dsl.ProblemException;
import lossmith.lab.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskOptionTest {
  private static final String LETTER =
      """
      /** The letter that is given. */
      class Letter implements Task {
        @Override public String name() { return "letter"; }
        @Override public String title() { return "the letter that is given"; }
        @Override public Alphabet symbols() { return Alphabet.of("ab"); }
        @Override public int longestPrompt() { return 1; }
        @Override public int longestResponse() { return 2; }
        @Override public int warmSteps() { return 5; }
        @Override public String prompt(RandomGenerator random) {
          return random.nextBoolean() ? "a" : "b";
        }
        @Override public String demonstration(String prompt, RandomGenerator random) {
          return prompt(random);
        }
        @Override public double reward(String prompt, String response) {
          return prompt.equals(response) ? 1 : 0;
        }
      }
      """;

  private static String written(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("Mine.java"), text).toString();
  }

  @Test
  void aJavaFileIsATask(@TempDir Path folder) throws Exception {
    Task task = TaskOption.named(written(folder, LETTER));
    assertEquals("letter", task.name());
    assertEquals(1, task.reward("a", "a"));
    assertTrue("ab".contains(task.prompt(new Random(1))));
    assertEquals("addition", TaskOption.named("addition").name());
  }

  private static void assertRefused(String typed, String said) {
    ProblemException refused = assertThrows(ProblemException.class, () -> TaskOption.named(typed));
    String told = String.valueOf(refused.getMessage());
    assertTrue(told.contains(said), told);
  }

  @Test
  void aFileWithoutOneTaskSaysSo(@TempDir Path folder) throws Exception {
    assertRefused(folder + "/None.java", "None.java, which does not exist");
    assertRefused(written(folder, "class A {}"), "no class implements lossmith.lab.task.Task");
    String two = LETTER + "class Other extends Letter {}";
    assertRefused(written(folder, two), "Letter, Other implements lossmith.lab.task.Task");
    assertRefused(written(folder, LETTER.replace("return 5", "return x")), "x");
    String throwing =
        LETTER.replace("return \"letter\"", "throw new IllegalStateException(\"no\")");
    assertRefused(written(folder, throwing), "name()");
    assertRefused("additon", "addition");
  }
}
