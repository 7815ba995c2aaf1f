package lossmith.ops.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While native code works silently the process has no standard error; then it has it again. */
final class TensorFlowRuntimeTest {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private static String screen() {
    try {
      return Files.readSymbolicLink(STANDARD_ERROR).toString();
    } catch (IOException unknown) {
      throw new UncheckedIOException(unknown);
    }
  }

  @BeforeEach
  void whereTheSystemSaysWhatIsOpen() {
    assumeTrue(Files.isSymbolicLink(STANDARD_ERROR));
    assumeTrue(System.getenv("TF_CPP_MIN_LOG_LEVEL") == null);
    assumeFalse(screen().equals("/dev/null"), "standard error is away already");
  }

  @Test
  void standardErrorIsAwayDuringTheWorkAlone() {
    String before = screen();
    assertEquals("/dev/null", TensorFlowRuntime.during(TensorFlowRuntimeTest::screen));
    assertEquals(before, screen());
  }

  @Test
  void workWithinWorkDoesNotBringItBackEarly() {
    String before = screen();
    String after =
        TensorFlowRuntime.during(
            () -> {
              String inner = TensorFlowRuntime.during(TensorFlowRuntimeTest::screen);
              return inner + " " + screen();
            });
    assertEquals("/dev/null /dev/null", after);
    assertEquals(before, screen());
  }

  @Test
  void workThatFailsBringsItBack() {
    String before = screen();
    assertThrows(
        IllegalStateException.class,
        () ->
            TensorFlowRuntime.during(
                () -> {
                  throw new IllegalStateException("work");
                }));
    assertEquals(before, screen());
  }

  /** Loads TensorFlow where numbers are written in other digits, and writes one. */
  static final class Counting {
    private Counting() {}

    public static void main(String[] args) {
      TensorFlowRuntime.start();
      System.out.print(String.format("%d", 12) + Locale.getDefault().getLanguage());
    }
  }

  @Test
  void digitsAreThoseThatTensorFlowKnows() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Duser.extensions=u-nu-arab",
                "-cp",
                System.getProperty("java.class.path"),
                Counting.class.getName())
            .start();
    try (var said = process.inputReader()) {
      assertEquals("12ar", said.readLine());
    }
    assertEquals(0, process.waitFor());
  }

  /** The wish cannot be taken back; here it is, by force. */
  @Test
  void whoeverWantsTheTalkHearsIt() throws Exception {
    Field wanted = TensorFlowRuntime.class.getDeclaredField("wanted");
    wanted.setAccessible(true);
    String before = screen();
    try {
      TensorFlowRuntime.verbose(false);
      assertEquals("/dev/null", TensorFlowRuntime.during(TensorFlowRuntimeTest::screen));
      TensorFlowRuntime.verbose(true);
      assertEquals(before, TensorFlowRuntime.during(TensorFlowRuntimeTest::screen));
      TensorFlowRuntime.verbose(false);
      assertEquals(before, TensorFlowRuntime.during(TensorFlowRuntimeTest::screen));
    } finally {
      wanted.set(null, true);
    }
  }
}
