package lossmith.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import lossmith.dsl.Problem;

/** Writes files to a temporary name in the same folder and renames them when complete. */
public final class Output {
  private Output() {}

  /** Writes to a path. */
  @FunctionalInterface
  public interface Writer {
    /** Writes the whole file. */
    void write(Path temporary) throws IOException;
  }

  /** Refuses a path that nothing can be written to, before the work begins. */
  public static void check(Path file) {
    Path folder = folder(file);
    if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw Problem.of(
              "output",
              file + ", where no file can be written",
              "a file in a folder that exists",
              "another path")
          .exception();
    }
  }

  /** Writes a file: all of it or nothing. */
  public static void write(Path file, Writer writer) throws IOException {
    check(file);
    Path temporary = folder(file).resolve(".lossmith-" + UUID.randomUUID() + ".tmp");
    try {
      writer.write(temporary);
      Path moved = Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      assert moved.equals(file);
    } finally {
      boolean unused = Files.deleteIfExists(temporary);
    }
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
