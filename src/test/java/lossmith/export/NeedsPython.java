package lossmith.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A test, or all of a class, that needs a Python: each leaves a line in {@code
 * target/python-tests.txt} of whether it ran or was left out, which the gate counts.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPython.Counted.class)
public @interface NeedsPython {

  /** Writes the lines, from each of the processes that run tests. */
  final class Counted implements TestWatcher {
    @Override
    public void testSuccessful(ExtensionContext test) {
      write("ran", test);
    }

    @Override
    public void testFailed(ExtensionContext test, Throwable cause) {
      write("ran", test);
    }

    @Override
    public void testAborted(ExtensionContext test, Throwable cause) {
      write("left out", test);
    }

    @Override
    public void testDisabled(ExtensionContext test, Optional<String> reason) {
      write("left out", test);
    }

    private static void write(String what, ExtensionContext test) {
      String line = what + ": " + test.getRequiredTestClass().getName() + " ";
      try {
        Path folder = Files.createDirectories(Path.of("target"));
        Path written =
            Files.writeString(
                folder.resolve("python-tests.txt"),
                line + test.getDisplayName() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        assert Files.exists(written);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
