package lossmith.storage;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * DuckDB in memory. Unless its library of 61 MB lies beside the jar, the driver unpacks it into the
 * temporary folder and removes it when Java ends in good order. On Linux, where a library that is
 * loaded needs no name any more, what was unpacked is removed here at once; a process that is
 * interrupted waits for that, and what one left that was killed in between is removed by the next,
 * if it is a minute later.
 */
public final class Database {
  private static final String LIBRARY = "libduckdb_java";

  /** How the folder begins in which a database keeps what does not fit into its memory. */
  private static final String SPILL = "lossmith-spill-";

  private static final AtomicInteger OPENED = new AtomicInteger();

  /** Whether somebody said already that a database will be wanted. */
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  /** Where Linux tells what is loaded into a process, a line for each part of a file. */
  private static final Path LOADED = Path.of("/proc/self/maps");

  /** From the first byte of a library to its loading it takes less. */
  private static final Duration UNPACKING = Duration.ofMinutes(1);

  /** Nobody's folder of this name is untouched for so long while it is used. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  @GuardedBy("Database.class")
  private static boolean loaded = !Files.exists(LOADED);

  private Database() {}

  /**
   * Begins to load the driver in another thread, once, which takes as long as a million tokens take
   * to be read. Nothing is lost if no database is opened then; what fails is told by {@link #open}.
   */
  public static void startBeside() {
    if (BEGUN.getAndSet(true)) {
      return;
    }
    Thread loading =
        new Thread(
            () -> {
              try {
                open(new MemoryBudget(0)).close();
              } catch (SQLException | LinkageError failed) {
                // Whoever opens one is told.
                return;
              }
            },
            "lossmith-database");
    loading.setDaemon(true);
    loading.start();
  }

  /**
   * {@return a new database without tables, to be closed}
   *
   * @param budget how much memory it may use before it goes on in the temporary folder
   */
  public static synchronized Connection open(MemoryBudget budget) throws SQLException {
    if (!loaded) {
      loaded = true;
      Runtime.getRuntime().addShutdownHook(new Thread(Database::end));
      removeLeft();
      removeSpilled(SPILL + "*", Database::isAbandoned);
      Connection first = connect(budget);
      removeLoaded();
      return first;
    }
    return connect(budget);
  }

  /** Results come as they are read: none is kept whole in memory. */
  private static Connection connect(MemoryBudget budget) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("memory_limit", (budget.tables() >> 20) + "MiB");
    properties.setProperty(
        "temp_directory",
        folder()
            .resolve(SPILL + ProcessHandle.current().pid() + "-" + OPENED.incrementAndGet())
            .toString());
    return DriverManager.getConnection("jdbc:duckdb:", properties);
  }

  /** Returns when nobody is unpacking; what databases have spilled that nobody closed is gone. */
  private static synchronized void end() {
    removeSpilled(SPILL + ProcessHandle.current().pid() + "-*", folder -> true);
  }

  private static void removeLoaded() {
    try (Stream<String> lines = Files.lines(LOADED, StandardCharsets.ISO_8859_1)) {
      Path unpacked = folder().toRealPath();
      for (String line : lines.filter(l -> l.contains("/" + LIBRARY)).distinct().toList()) {
        Path library = Path.of(line.substring(line.indexOf('/')));
        if (unpacked.equals(library.getParent())) {
          boolean unused = Files.deleteIfExists(library);
        }
      }
    } catch (IOException | UncheckedIOException forbidden) {
      // Then the driver removes it at the end.
      return;
    }
  }

  private static Path folder() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  private static void removeLeft() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), LIBRARY + "*.so")) {
      for (Path file : files) {
        removeOld(file);
      }
    } catch (IOException | DirectoryIteratorException closed) {
      // Then what is left stays.
      return;
    }
  }

  /** Whether a folder is of a process that was killed; another one's number may be the same. */
  private static boolean isAbandoned(Path folder) {
    String process = folder.getFileName().toString().substring(SPILL.length()).split("-", 2)[0];
    try {
      return process.matches("[0-9]{1,10}")
          && ProcessHandle.of(Long.parseLong(process)).isEmpty()
          && isBefore(folder, ABANDONED);
    } catch (IOException gone) {
      return false;
    }
  }

  private static void removeSpilled(String names, Predicate<Path> which) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder(), names)) {
      for (Path one : folders) {
        if (which.test(one)) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(one)) {
            for (Path file : files) {
              boolean unused = Files.deleteIfExists(file);
            }
          }
          boolean unused = Files.deleteIfExists(one);
        }
      }
    } catch (IOException | DirectoryIteratorException closed) {
      // Then what is left stays.
      return;
    }
  }

  private static boolean isBefore(Path file, Duration age) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(age));
  }

  private static void removeOld(Path file) {
    try {
      boolean unused = isBefore(file, UNPACKING) && Files.deleteIfExists(file);
    } catch (IOException foreign) {
      // That of another user stays.
      return;
    }
  }
}
