package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What asks for a Python is counted. */
final class NeedsPythonTest {
  private static final Path TESTS =
      Path.of(Files.exists(Path.of("src/test")) ? "" : "..").resolve("src/test/java");

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyTestThatIsLeftOutWithoutPythonIsCounted() throws Exception {
    try (Stream<Path> files = Files.walk(TESTS)) {
      List<Path> asking =
          files
              .filter(file -> file.toString().endsWith("Test.java"))
              .filter(file -> !file.endsWith("NeedsPythonTest.java"))
              .filter(file -> text(file).matches("(?s).*(PythonProcess\\.with|left out without).*"))
              .toList();
      assertTrue(asking.size() > 10, asking::toString);
      assertEquals(
          List.of(),
          asking.stream().filter(file -> !text(file).contains("@NeedsPython\n")).toList());
    }
  }
}
