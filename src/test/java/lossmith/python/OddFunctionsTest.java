package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import lossmith.blackbox.Answer;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python functions that hang, crash, print, or are none: what is told of each. */
final class OddFunctionsTest {
  private static final Map<String, String> NONE = LinkedHashMap.empty();

  /** Responses of three tokens and of one, on the policy itself: advantages 1 and −1. */
  private static TensorBatch batch() {
    return Probes.onPolicy(new int[] {3, 1}, new int[] {0, 0}, 1, 1);
  }

  private static Path odd() throws Exception {
    return Path.of(
        Objects.requireNonNull(OddFunctionsTest.class.getClassLoader().getResource("python/odd.py"))
            .toURI());
  }

  private static Target target(Path file, String function, Map<String, String> bound) {
    return new Target(file, function, Option.none(), bound, NONE, Duration.ofSeconds(5));
  }

  private static String told(ThrowingCall call) {
    return assertThrows(ProblemException.class, call::run)
        .problems()
        .map(Problem::toString)
        .mkString("\n");
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  private static Interpreter python() {
    String path = System.getenv(Interpreter.VARIABLE);
    if (path == null || path.isBlank()) {
      System.out.println(
          "PyTorch: left out without " + Interpreter.VARIABLE + ": odd functions in Python");
    }
    Assumptions.assumeTrue(path != null && !path.isBlank());
    return new Interpreter(Objects.requireNonNull(path));
  }

  @Test
  void whatNamesNoFunctionIsToldBeforePythonStarts(@TempDir Path folder) {
    for (String text : List.of("loss.py", ":f", "loss.py:", "loss.py:a b")) {
      String told =
          told(
              () -> {
                Target unused = Target.of(text, Option.none(), NONE, NONE, Duration.ofSeconds(1));
              });
      assertTrue(told.contains("FILE.py:FUNCTION"), told);
    }
    String absent =
        told(
            () -> {
              Target unused =
                  Target.of(
                      folder.resolve("loss.py") + ":f",
                      Option.none(),
                      NONE,
                      NONE,
                      Duration.ofSeconds(1));
            });
    assertTrue(absent.contains("where there is no file"), absent);
  }

  @Test
  void eachIsToldAndTheProcessIsStartedAgain(@TempDir Path folder) throws Exception {
    Interpreter python = python();
    PythonFunction function = PythonFunction.open(target(odd(), "right", NONE), python, batch());
    try {
      // Ratios of 1: -(3·1 - 1·1) / 4, each token's slope -A / 4.
      Answer.Numbers right = assertInstanceOf(Answer.Numbers.class, function.of(batch()));
      assertEquals(-0.5, right.loss(), 1e-12);
      assertEquals(-0.25, right.gradient("log_prob", 8)[0], 1e-12);
      assertEquals(0.25, right.gradient("log_prob", 8)[4], 1e-12);

      function = function.instead(target(odd(), "prints", NONE), batch());
      assertEquals(right.loss(), ((Answer.Numbers) function.of(batch())).loss());

      function = function.instead(target(odd(), "pair", NONE), batch());
      Answer.Numbers pair = (Answer.Numbers) function.of(batch());
      assertEquals(LinkedHashMap.of("clipfrac", 1.5), pair.metrics());

      function = function.instead(target(odd(), "named", NONE), batch());
      assertEquals(LinkedHashMap.of("kl", 0.25), ((Answer.Numbers) function.of(batch())).metrics());

      function = function.instead(target(odd(), "per_response", NONE), batch());
      assertEquals(right.loss(), ((Answer.Numbers) function.of(batch())).loss());
      assertTrue(function.calling().endsWith("advantages one per response"), function.calling());

      function = function.instead(target(odd(), "changes", NONE), batch());
      assertEquals(
          List.of("old_log_prob"), ((Answer.Numbers) function.of(batch())).changed().toList());

      function = function.instead(target(odd(), "draws", NONE), batch());
      double once = ((Answer.Numbers) function.of(batch())).loss();
      assertNotEquals(once, ((Answer.Numbers) function.of(batch())).loss());

      assertFails(function, "per_token", "a tensor of shape [2, 4], expected a tensor of one");
      assertFails(function, "nothing", "a NoneType, expected a tensor");
      assertFails(function, "leaves", "SystemExit: 1, line");

      assertRefused(function, "no_such", "has no no_such");
      assertRefused(function, "unclear", "the parameter before, whose name does not tell");
      assertRefused(function, "unclear", "the parameter width, whose name does not tell");
      Path wrong = Files.writeString(folder.resolve("wrong.py"), "def f(logp:\n  pass\n");
      PythonFunction open = function;
      String syntax =
          told(
              () -> {
                PythonFunction unused = open.instead(target(wrong, "f", NONE), batch());
              });
      assertTrue(syntax.contains("SyntaxError") && syntax.contains("line 1"), syntax);

      PythonFunction crashing =
          PythonFunction.open(target(odd(), "crashes", NONE), python, batch());
      try {
        Answer.Failure crash = assertInstanceOf(Answer.Failure.class, crashing.of(batch()));
        assertTrue(
            crash.text().contains("exit code 3") || crash.text().contains("not asked again"),
            crash.text());
      } finally {
        crashing.close();
      }
    } finally {
      function.close();
    }
  }

  @Test
  void whatIsCalledMayBeAnythingThatCanBe(@TempDir Path folder) throws Exception {
    PythonFunction function = PythonFunction.open(target(odd(), "right", NONE), python(), batch());
    try {
      double right = ((Answer.Numbers) function.of(batch())).loss();
      for (String name :
          List.of(
              "reads",
              "forks",
              "right",
              "shortened",
              "filled",
              "Loss",
              "held",
              "held.method",
              "keywords",
              "more")) {
        function = function.instead(target(odd(), name, NONE), batch());
        Answer.Numbers found = assertInstanceOf(Answer.Numbers.class, function.of(batch()), name);
        assertEquals(right, found.loss(), name);
      }
      Path marked =
          Files.writeString(
              folder.resolve("marked.py"),
              "\uFEFFdef marked(logp, adv, mask):\n  return -(logp * adv * mask).sum()\n");
      function = function.instead(target(marked, "marked", NONE), batch());
      assertTrue(function.of(batch()) instanceof Answer.Numbers);

      assertRefused(function, "constant", "constant of", "an int");
      assertRefused(function, "Loss.method", "a method without its object");
      assertRefused(function, "NoLoss", "a class whose objects cannot be called");
      Path latin =
          Files.write(
              folder.resolve("latin.py"), new byte[] {'x', '=', '"', (byte) 0xe9, '"', '\n'});
      PythonFunction open = function;
      String told =
          told(
              () -> {
                PythonFunction unused = open.instead(target(latin, "f", NONE), batch());
              });
      assertTrue(told.contains("SyntaxError"), told);
    } finally {
      function.close();
    }
  }

  /** A name with letters that a POSIX locale has no bytes for, or else one with spaces alone. */
  private static String named(String any, String plain) {
    Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "US-ASCII"));
    return names.newEncoder().canEncode(any) ? any : plain;
  }

  @Test
  void aFileMayBeAnywhereAndTakeItsTime(@TempDir Path folder) throws Exception {
    Interpreter python = python();
    Path odd = Files.createDirectory(folder.resolve(named("meine Verluste ß λ", "mes pertes")));
    Path file =
        Files.writeString(
            odd.resolve(named("loss d'été.py", "loss d'hiver.py")),
            """
            import time
            time.sleep(1.5)
            def f(logp, adv, mask):
              return -(logp * adv * mask).sum()
            """);
    Target slow = new Target(file, "f", Option.none(), NONE, NONE, Duration.ofSeconds(1));
    PythonFunction function = PythonFunction.open(slow, python, batch());
    try {
      assertTrue(function.of(batch()) instanceof Answer.Numbers);

      assertFails(function, "configured", "no setting clip_low; write --set clip_low=VALUE");
      Map<String, String> settings = LinkedHashMap.of("clip_low", "0.2", "clip_high", "0.2");
      Target configured =
          new Target(odd(), "configured", Option.none(), NONE, settings, Duration.ofSeconds(5));
      PythonFunction set = function.instead(configured, batch());
      assertTrue(set.of(batch()) instanceof Answer.Numbers);
      assertTrue(set.calling().contains("config = the settings"), set.calling());
      assertEquals(0.2, set.parameters().get("clip_high").get());
    } finally {
      function.close();
    }
  }

  @Test
  void whatIsNoLossIsToldInALine() throws Exception {
    PythonFunction function =
        PythonFunction.open(target(odd(), "undefined", NONE), python(), batch());
    try {
      assertTrue(Double.isNaN(((Answer.Numbers) function.of(batch())).loss()));
      assertFails(function, "asks", "EOFError: EOF when reading a line, line");
      assertFails(function, "interrupts", "KeyboardInterrupt, line");
      assertFails(function, "number", "the loss is an int, expected a tensor of one number");
      assertFails(function, "integer", "the loss is a tensor of int64, expected float");
      assertFails(function, "imaginary", "the loss is a tensor of complex128, expected float");
      assertFails(function, "empty", "the loss is a tuple, expected a tensor of one number");
      assertFails(function, "elsewhere", "line");
      assertFails(function, "wordy", "ValueError: first line second line xxx");
      assertFails(function, "huge", "memory");
    } finally {
      function.close();
    }
  }

  private static void assertFails(PythonFunction function, String name, String text)
      throws Exception {
    PythonFunction other = function.instead(target(odd(), name, NONE), batch());
    Answer.Failure failure = assertInstanceOf(Answer.Failure.class, other.of(batch()));
    assertTrue(failure.text().contains(text), failure.text());
    assertTrue(failure.text().length() < 500 && !failure.text().contains("\n"), failure.text());
  }

  private static void assertRefused(PythonFunction function, String name, String... texts) {
    String told =
        told(
            () -> {
              PythonFunction unused = function.instead(target(odd(), name, NONE), batch());
            });
    for (String text : texts) {
      assertTrue(told.contains(text), told);
    }
  }
}
