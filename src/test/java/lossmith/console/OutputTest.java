package lossmith.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An output replaces what it is to replace, whole or not at all, and nothing else. */
final class OutputTest {
  @TempDir private Path folder = Path.of("");

  /** Writes half a file, says so, and goes on with the other half a minute later. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] args) throws IOException {
      Output.check(List.of(Path.of(args[0])), List.empty());
      Output.write(
          Path.of(args[0]),
          file -> {
            Path half = Files.writeString(file, "half");
            System.out.println(half.getParent());
            try {
              Thread.sleep(TimeUnit.MINUTES.toMillis(1));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "old");
  }

  private static String refused(List<Path> outputs, Path... inputs) {
    return assertThrows(ProblemException.class, () -> Output.check(outputs, List.of(inputs)))
        .problems()
        .mkString();
  }

  private static void write(Path file, String text) throws IOException {
    Output.write(file, to -> assertEquals(to, Files.writeString(to, text)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return List.ofAll(files.map(file -> file.getFileName().toString()).sorted());
    }
  }

  private static int posix(String... words) throws Exception {
    return new ProcessBuilder(words).start().waitFor();
  }

  @Test
  void anInputIsNoOutputHoweverItIsNamed() throws IOException {
    Path input = file("in");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("in"));
    Path inner = Files.createDirectory(folder.resolve("inner"));
    String told = "which is read from " + input;
    assertTrue(refused(List.of(input), input).contains(told));
    assertTrue(refused(List.of(link), input).contains(told));
    assertTrue(refused(List.of(inner.resolve("../in")), input).contains(told));
    assertTrue(refused(List.of(input), link).contains("which is read from " + link));
    assertTrue(refused(List.of(inner.resolve("new")), inner).contains("which is read from"));
  }

  @Test
  void twoOutputsAreTwoFiles() throws IOException {
    Path out = folder.resolve("out");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("out"));
    for (Path same : List.of(out, folder.resolve("./out"), link)) {
      assertTrue(refused(List.of(out, same)).contains("which is also the output " + out));
    }
    Output.check(List.of(out, folder.resolve("other")), List.of(file("in")));
  }

  @Test
  void whatIsNoFileIsRefused() throws Exception {
    Path loop = folder.resolve("loop");
    assertEquals(loop, Files.createSymbolicLink(loop, loop));
    assertTrue(refused(List.of(loop)).contains("leads nowhere"));
    assertTrue(refused(List.of(folder)).contains("a folder;"));
    assertTrue(refused(List.of(folder.resolve("none/x"))).contains("does not exist"));
    assertTrue(refused(List.of(folder.resolve("x".repeat(300)))).contains("too long"));
    assertTrue(refused(List.of(file("in").resolve("x"))).contains("Not a directory"));
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device));
    assertTrue(refused(List.of(device)).contains("operating system"));
    Path pipe = folder.resolve("pipe");
    assertEquals(0, posix("mkfifo", pipe.toString()));
    assertTrue(refused(List.of(pipe)).contains("a pipe"));
  }

  @Test
  void aLinkIsFollowedAndTheModeKept() throws IOException {
    Path real = file("real");
    assumeTrue(Files.getFileStore(real).supportsFileAttributeView("posix"));
    var mode = PosixFilePermissions.fromString("rw-r-----");
    assertEquals(real, Files.setPosixFilePermissions(real, mode));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    write(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(real));
    assertEquals(mode, Files.getPosixFilePermissions(real));
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("made"));
    write(dangling, "new");
    assertEquals("new", Files.readString(folder.resolve("made")));
    assertEquals(List.of("dangling", "link", "made", "real"), names());
  }

  @Test
  void aWriterThatFailsLeavesTheOldFileAlone() throws IOException {
    Path out = file("out");
    IOException told =
        assertThrows(
            IOException.class,
            () ->
                Output.write(
                    out,
                    to -> {
                      throw new IOException(Files.writeString(to, "half").getFileName() + " full");
                    }));
    assertEquals("whole full", told.getMessage());
    assertEquals("old", Files.readString(out));
    assertEquals(List.of("out"), names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void anInterruptedProcessLeavesNothing(String signal) throws Exception {
    Path out = file("out");
    assertEquals("", stopped(out, signal));
    assertEquals("old", Files.readString(out));
    assertEquals(List.of("out"), names());
  }

  @Test
  void whatAKilledProcessLeftTheNextRemoves() throws Exception {
    Path out = file("out");
    assertEquals("", stopped(out, "KILL"));
    assertEquals("old", Files.readString(out));
    assertEquals(2, names().size());
    Output.check(List.of(folder.resolve("another")), List.empty());
    assertEquals(List.of("out"), names());
  }

  /** What it said on standard error. */
  private static String stopped(Path out, String signal) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Slow.class.getName(),
                out.toString())
            .start();
    try (var said = process.inputReader();
        var err = process.errorReader()) {
      assertTrue(Files.isDirectory(Path.of(said.readLine())));
      assertEquals(0, posix("kill", "-" + signal, String.valueOf(process.pid())));
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return String.join("\n", err.lines().toList());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatALivingProcessOrAnotherMachineWritesStays() throws IOException {
    Path other = Files.createDirectory(folder.resolve(".lossmith-00000000-1-0000000a.tmp"));
    Output.check(List.of(folder.resolve("out")), List.empty());
    assertTrue(Files.exists(other));
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    assertEquals(other, Files.setLastModifiedTime(other, old));
    Output.write(
        folder.resolve("out"),
        to -> {
          Output.check(List.of(folder.resolve("second")), List.empty());
          assertEquals(to, Files.writeString(to, "new"));
        });
    assertEquals(List.of("out"), names());
  }

  @Test
  void whyNothingCanBeWrittenIsSaidAlsoWhereTheSystemGivesNoReason() {
    assertEquals("disk full", Output.why(new IOException("disk full")));
    assertEquals(
        "Not a directory", Output.why(new FileSystemException("a", null, "Not a directory")));
    assertEquals("no permission for a", Output.why(new AccessDeniedException("a")));
    assertEquals("the system has no place for a", Output.why(new NoSuchFileException("a")));
    assertEquals("there is a file a", Output.why(new FileAlreadyExistsException("a")));
    assertEquals("FileSystemLoopException: a", Output.why(new FileSystemLoopException("a")));
  }
}
