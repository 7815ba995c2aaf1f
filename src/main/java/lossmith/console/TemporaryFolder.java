package lossmith.console;

import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder beside an output, in which it is written before it is moved to its place. It is gone
 * when the writer is done, fails or is interrupted; what a killed process left is removed by the
 * next one that writes there. Its name has the machine and the process, {@code
 * .lossmith-MACHINE-PROCESS-NUMBER.tmp}.
 */
final class TemporaryFolder implements AutoCloseable {
  private static final String PREFIX = ".lossmith-";
  private static final String SUFFIX = ".tmp";
  private static final Pattern NAME =
      Pattern.compile("\\.lossmith-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{8}\\.tmp");

  /** Nobody writes one file for so long. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** How far the times of a file and of a process may be apart: they come from two clocks. */
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();
  private static final String MACHINE = machine();

  private static volatile boolean ending;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(TemporaryFolder::end));
  }

  private final Path folder;

  private TemporaryFolder(Path folder) {
    this.folder = folder;
  }

  /** Makes one beside a file. */
  static synchronized TemporaryFolder beside(Path file) throws IOException {
    if (ending) {
      awaitEnd();
    }
    Path made = file.resolveSibling(name());
    boolean fresh = OPEN.add(made);
    assert fresh;
    return new TemporaryFolder(Files.createDirectory(made));
  }

  /** {@return the only file or folder in it} */
  Path file() {
    return folder.resolve("whole");
  }

  @Override
  public void close() {
    if (ending) {
      // What failed because the folder has gone is nobody's news.
      awaitEnd();
    }
    remove(folder);
    boolean unused = OPEN.remove(folder);
  }

  /** Removes what was left beside a file by processes that are no more. */
  static void sweep(Path file) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(file.resolveSibling(""), PREFIX + "*" + SUFFIX)) {
      for (Path one : found) {
        if (isLeft(one)) {
          remove(one);
        }
      }
    } catch (IOException | DirectoryIteratorException closed) {
      // Then what is left stays: it is in nobody's way.
      return;
    }
  }

  private static boolean isLeft(Path one) throws IOException {
    Matcher name = NAME.matcher(one.getFileName().toString());
    if (!name.matches() || !Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Instant written = Files.getLastModifiedTime(one).toInstant();
    if (!name.group(1).equals(MACHINE)) {
      return written.isBefore(Instant.now().minus(ABANDONED));
    }
    long process = Long.parseLong(name.group(2));
    if (process == ProcessHandle.current().pid()) {
      return !OPEN.contains(one);
    }
    // Another process may have been given the number since.
    return ProcessHandle.of(process)
        .map(
            alive ->
                alive
                    .info()
                    .startInstant()
                    .map(start -> start.minus(CLOCKS).isAfter(written))
                    .orElse(false))
        .orElse(true);
  }

  /** Under another name first, so that nobody makes a file in it any more. */
  static void end() {
    synchronized (TemporaryFolder.class) {
      ending = true;
    }
    OPEN.forEach(
        one -> {
          try {
            remove(Files.move(one, one.resolveSibling(name())));
          } catch (IOException absent) {
            remove(one);
          }
        });
  }

  private static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : Vector.ofAll(files)) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          remove(file);
        } else {
          boolean unused = Files.deleteIfExists(file);
        }
      }
      boolean unused = Files.deleteIfExists(folder);
    } catch (IOException | DirectoryIteratorException absent) {
      // The next one that writes there tries again.
      return;
    }
  }

  /** The process is about to end, and with it this thread. */
  private static void awaitEnd() {
    while (true) {
      LockSupport.park();
    }
  }

  private static String name() {
    String number = UUID.randomUUID().toString().substring(0, 8);
    return PREFIX + MACHINE + "-" + ProcessHandle.current().pid() + "-" + number + SUFFIX;
  }

  /** A number for where process numbers mean the same: the host, and the container on it. */
  private static String machine() {
    String host;
    try {
      host =
          Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
              + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException elsewhere) {
      host = String.valueOf(System.getenv("COMPUTERNAME"));
    }
    return String.format(Locale.ROOT, "%08x", host.hashCode());
  }
}
