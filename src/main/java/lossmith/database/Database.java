package lossmith.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * DuckDB in memory. Its driver unpacks a library of 61 MB into the temporary folder and removes it
 * when Java ends in good order. On Linux, where a library that is loaded needs no name any more, it
 * is removed here at once; a process that is interrupted waits for that, and what one left that was
 * killed in between is removed by the next, if it is a minute later.
 */
public final class Database {
  private static final String LIBRARY = "libduckdb_java";

  /** Where Linux tells what is loaded into a process, a line for each part of a file. */
  private static final Path LOADED = Path.of("/proc/self/maps");

  /** From the first byte of a library to its loading it takes less. */
  private static final Duration UNPACKING = Duration.ofMinutes(1);

  @GuardedBy("Database.class")
  private static boolean loaded = !Files.exists(LOADED);

  private Database() {}

  /** {@return a new database without tables, to be closed} */
  public static synchronized Connection open() throws SQLException {
    if (!loaded) {
      loaded = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Database::await));
      removeLeft();
      Connection first = connect();
      removeLoaded();
      return first;
    }
    return connect();
  }

  /** Results come as they are read: none is kept whole in memory. */
  private static Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    return DriverManager.getConnection("jdbc:duckdb:", properties);
  }

  /** Returns when nobody is unpacking. */
  private static synchronized void await() {}

  private static void removeLoaded() {
    try (Stream<String> lines = Files.lines(LOADED, StandardCharsets.ISO_8859_1)) {
      for (String line : lines.filter(l -> l.contains("/" + LIBRARY)).distinct().toList()) {
        boolean unused = Files.deleteIfExists(Path.of(line.substring(line.indexOf('/'))));
      }
    } catch (IOException | UncheckedIOException forbidden) {
      // Then the driver removes it at the end.
      return;
    }
  }

  private static void removeLeft() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, LIBRARY + "*.so")) {
      for (Path file : files) {
        removeOld(file);
      }
    } catch (IOException | DirectoryIteratorException closed) {
      // Then what is left stays.
      return;
    }
  }

  private static void removeOld(Path file) {
    try {
      Instant unpacked = Files.getLastModifiedTime(file).toInstant();
      boolean unused =
          unpacked.isBefore(Instant.now().minus(UNPACKING)) && Files.deleteIfExists(file);
    } catch (IOException foreign) {
      // That of another user stays.
      return;
    }
  }
}
