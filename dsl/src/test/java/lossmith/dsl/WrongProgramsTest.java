package lossmith.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong programs that the types refuse, with the compiler's words (package names, indentation and
 * order aside).
 */
final class WrongProgramsTest {
  /** A plain verb, with one signature: its error is one line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "MixedLevels",
        "LiveWeight",
        "LiveBound",
        "LiveKey",
        "NotScalar",
        "NumberInWhere",
        "LostDetached",
        "TimesNumber"
      })
  void oneLine(String program) {
    assertEquals(1, expected(program).size());
    assertEquals(expected(program), errors(program));
  }

  /**
   * Where javac must choose or infer, it says what it tried. A selection of a live term has no
   * method to call ({@code rank}). A reduction infers the level of its result ({@code mean}, {@code
   * per}). A pair of signatures keeps Detached Detached ({@code times}, {@code select}).
   *
   * <p>Other facades were compiled on JDK 17 and 25 before keeping this one: a generic verb bounded
   * by its argument ({@code <Y extends Term<L>> times(Y)}) takes 9 lines for every mistake, of live
   * terms too; a self type ({@code Term<L, D>}) puts captured variables into each message; sealed
   * siblings instead of a subtype give one line only if {@code detached.times(live)} does not
   * exist, and every function of terms then needs a copy for detached ones; a covariant override
   * alone gives one line and loses Detached under {@code times}. Reductions as verbs of the axis
   * ({@code TOKENS.mean(x)}) give one line and turn a recipe inside out.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LiveRank",
        "LiveTopFraction",
        "PerCoarser",
        "WrongAxis",
        "NumberAsCondition",
        "DetachedMixedLevels"
      })
  void severalLines(String program) {
    assertTrue(expected(program).size() > 1);
    assertEquals(expected(program).sorted(), errors(program).sorted());
  }

  /**
   * The snippets fail for what they say, not for their frame: the same frame around a right program
   * compiles.
   */
  @Test
  void rightProgramCompiles() {
    assertEquals(List.empty(), errors("Right"));
  }

  private static List<String> expected(String program) {
    return lines(read(file(program + ".txt")));
  }

  private static List<String> errors(String program) {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, Locale.ROOT, null)) {
      Path out = Files.createTempDirectory("wrong-program");
      List<String> options =
          List.of("-proc:none", "-d", out.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiles =
          compiler
              .getTask(
                  null,
                  files,
                  found,
                  options.asJava(),
                  null,
                  files.getJavaFileObjects(file(program + ".java")))
              .call();
      List<String> errors =
          List.ofAll(found.getDiagnostics())
              .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
              .flatMap(one -> lines(one.getMessage(Locale.ROOT)));
      assertEquals(compiles, errors.isEmpty());
      return errors;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> lines(String text) {
    return List.ofAll(text.lines().toList())
        .map(line -> line.replace("lossmith.dsl.Level.", "").replace("lossmith.dsl.", ""))
        .map(line -> line.strip().replaceAll(" +", " "))
        // What javac 17 calls a lower bound, javac 25 calls an upper one.
        .map(line -> line.replace("upper bounds", "lower bounds"));
  }

  private static Path file(String name) {
    URL found = Objects.requireNonNull(WrongProgramsTest.class.getResource("/bad/" + name));
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
