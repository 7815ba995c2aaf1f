package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Own classes are found where the command line says that they are. */
final class ClassPathTest {
  private static final String RECIPE =
      """
      package own;
      import static lossmith.dsl.Terms.*;
      import lossmith.dsl.*;
      import lossmith.recipes.*;
      public class Plain implements Recipe {
        public static Detached<Level.Token> weight() { return reward().per(Axis.TOKEN); }
        public Card card() { return Card.of("plain", "the reward as weight", new Source("-", "-", "-")); }
        public Loss loss(Conventions c) {
          return maximise(logProb().weightedBy(weight()).mean(Over.ALL_TOKENS));
        }
      }
      """;

  private ClassLoader before = ClassLoader.getSystemClassLoader();

  @BeforeEach
  void remember() {
    before = Thread.currentThread().getContextClassLoader();
  }

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private static Path compiled(Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("Plain.java"), RECIPE);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
    assertEquals(0, exit);
    return classes;
  }

  @Test
  void aClassAndASourceThatUsesItAreFound(@TempDir Path folder) throws IOException {
    assertEquals(2, Typed.run("show", "own.Plain").exit());
    String classes = compiled(folder).toString();
    Typed shown = Typed.run("show", "own.Plain", "--class-path", classes);
    assertEquals(0, shown.exit(), shown.err());
    assertTrue(shown.out().contains("plain: the reward as weight"), shown.out());
    Typed used =
        Typed.run(
            "show",
            "maximise(r.weightedBy(own.Plain.weight()).mean(ALL_TOKENS))",
            "--class-path",
            classes);
    assertEquals(0, used.exit(), used.err());
  }

  @Test
  void whatDoesNotExistIsTold(@TempDir Path folder) {
    Typed run = Typed.run("show", "grpo", "--class-path", folder.resolve("none.jar").toString());
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("none.jar, which does not exist"), run.err());
    Typed unknown = Typed.run("show", "own.Nothing");
    assertTrue(unknown.err().contains("--class-path"), unknown.err());
  }
}
