package lossmith.spark;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import lossmith.dsl.Problem;

/**
 * A folder of one run that all machines see, with a folder each for parts of the rollouts, for
 * columns that the whole batch determines, and for numbers per token. It is removed at the end,
 * also of a process that is interrupted.
 */
final class Staging implements AutoCloseable {
  private final Path folder;
  private final Thread end = new Thread(this::end);
  private volatile boolean ending;

  private Staging(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return a folder of a new run}
   *
   * @param given where it is made
   * @param master the cluster; only of one that is this machine the place may be left out
   */
  static Staging in(Option<Path> given, Master master) {
    if (given.isEmpty() && !master.isHere()) {
      throw problem("--master " + master.url() + " without --staging");
    }
    Path above = given.getOrElse(() -> Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    if (!Files.isDirectory(above)) {
      throw problem(
          "--staging " + above + (Files.exists(above) ? ", no folder" : ", which does not exist"));
    }
    Staging made = new Staging(above.toAbsolutePath().resolve("lossmith-" + UUID.randomUUID()));
    Runtime.getRuntime().addShutdownHook(made.end);
    try {
      for (Path one : List.of(made.columns(), made.tokens())) {
        Path unused = Files.createDirectories(one);
      }
    } catch (IOException e) {
      throw problem("--staging " + above + ", where nothing can be written: " + e.getMessage());
    }
    return made;
  }

  private static RuntimeException problem(String wrote) {
    return Problem.of(
            "staging",
            wrote,
            "a folder that exists, that may be written, and that all machines of the cluster see"
                + " under one path",
            "--staging /a/shared/folder")
        .exception();
  }

  Path parts() {
    return folder.resolve("parts");
  }

  Path columns() {
    return folder.resolve("columns");
  }

  Path tokens() {
    return folder.resolve("tokens");
  }

  /** The parts that are in a folder, by name. */
  static Seq<Path> partsIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return List.ofAll(files.filter(file -> file.getFileName().toString().startsWith("part-")))
          .sorted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What fails because the process is about to end is nobody's news: it waits for its end. */
  void awaitEnd() {
    while (ending) {
      LockSupport.park();
    }
  }

  private void end() {
    ending = true;
    remove();
  }

  private void remove() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean unused = Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException used) {
      // Something is still written there; what is left is in nobody's way.
      return;
    }
  }

  @Override
  public void close() {
    awaitEnd();
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException already) {
      awaitEnd();
    }
    remove();
  }
}
