package lossmith.console;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import lossmith.dsl.Problem;

/**
 * Files are written beside their place and moved there when they are whole, so that a reader sees
 * the old file or the new one. A symbolic link stays, and what it names is written; a file that is
 * replaced keeps its mode, and its owner where that is allowed.
 */
public final class Output {
  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private Output() {}

  /** Writes to a path. */
  @FunctionalInterface
  public interface Writer {
    /** Writes the whole file. */
    void write(Path temporary) throws IOException;
  }

  /**
   * Refuses, before the work begins, outputs that nothing can be written to, that would replace an
   * input, or that are one file; and removes what processes left that were killed while they wrote
   * there.
   *
   * @param outputs the files a command writes
   * @param inputs the files it reads; a folder stands for every file in it
   */
  public static void check(Seq<Path> outputs, Seq<Path> inputs) {
    Seq<Place> places = outputs.map(Place::of);
    Problem.throwAll(
        places
            .flatMap(Place::problem)
            .appendAll(
                places.flatMap(
                    place ->
                        inputs
                            .filter(place::harms)
                            .headOption()
                            .map(input -> place.refused("which is read from " + input))))
            .appendAll(
                places
                    .zipWithIndex()
                    .flatMap(
                        place ->
                            places
                                .take(place._2)
                                .filter(place._1::isSame)
                                .headOption()
                                .map(
                                    other ->
                                        place._1.refused("which is also the output " + other)))));
    places.map(Place::file).forEach(TemporaryFolder::sweep);
  }

  /** Removes what processes left beside a file that were killed while they wrote there. */
  public static void removeLeft(Path file) {
    TemporaryFolder.sweep(file);
  }

  /** {@return why nothing could be written, in a few words} */
  public static String why(IOException e) {
    if (!(e instanceof FileSystemException file)) {
      return String.valueOf(e.getMessage());
    }
    if (file.getReason() != null) {
      return file.getReason();
    }
    String what =
        e instanceof AccessDeniedException
            ? "no permission for "
            : e instanceof NoSuchFileException
                ? "the system has no place for "
                : e instanceof FileAlreadyExistsException
                    ? "there is a file "
                    : e.getClass().getSimpleName() + ": ";
    return what + file.getFile();
  }

  /** Writes a file: all of it or nothing. */
  public static void write(Path file, Writer writer) throws IOException {
    Place place = Place.of(file);
    Problem.throwAll(place.problem().toList());
    try (TemporaryFolder temporary = TemporaryFolder.beside(place.file)) {
      Path whole = temporary.file();
      writer.write(whole);
      keepMode(place.file, whole);
      Path moved = Files.move(whole, place.file, StandardCopyOption.ATOMIC_MOVE);
      assert moved.equals(place.file);
    }
  }

  /** Writes a file of text: all of it or nothing. */
  public static void write(Path file, String text) throws IOException {
    write(
        file,
        part -> {
          Path unused = Files.writeString(part, text);
        });
  }

  /**
   * Writes a folder: all of it or nothing.
   *
   * @param folder where to; it must not exist or be empty, and folders above it are made
   * @param writer what makes a folder at the path it is given and writes the files
   */
  public static void writeFolder(Path folder, Writer writer) throws IOException {
    Path to = folder.toAbsolutePath();
    Path parent = to.getParent();
    if (parent == null || (Files.exists(to) && !isEmptyFolder(to))) {
      throw Problem.of(
              "output",
              folder + ", where something is already",
              "a folder that is made, or is empty",
              "another path")
          .exception();
    }
    Path above = Files.createDirectories(parent);
    try (TemporaryFolder temporary = TemporaryFolder.beside(above.resolve(to.getFileName()))) {
      Path whole = temporary.file();
      writer.write(whole);
      boolean replaced = Files.deleteIfExists(to);
      Path moved = Files.move(whole, to, StandardCopyOption.ATOMIC_MOVE);
      assert replaced || moved.equals(to);
    }
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      return !files.iterator().hasNext();
    }
  }

  private static void keepMode(Path old, Path whole) throws IOException {
    var before = Files.getFileAttributeView(old, PosixFileAttributeView.class);
    var after = Files.getFileAttributeView(whole, PosixFileAttributeView.class);
    if (before == null || after == null || !Files.exists(old)) {
      return;
    }
    PosixFileAttributes kept = before.readAttributes();
    PosixFileAttributes made = after.readAttributes();
    try {
      if (!kept.group().equals(made.group())) {
        after.setGroup(kept.group());
      }
      if (!kept.owner().equals(made.owner())) {
        after.setOwner(kept.owner());
      }
    } catch (FileSystemException forbidden) {
      // Only the superuser gives files away: then the new file belongs to who wrote it.
    }
    after.setPermissions(kept.permissions());
  }

  /**
   * Where an output goes.
   *
   * @param written the path as it was typed
   * @param file the file that is meant, symbolic links followed, whether it exists or not
   * @param wrong why nothing can be written there
   */
  private record Place(Path written, Path file, Option<String> wrong) {
    static Place of(Path written) {
      try {
        Path at = written.toAbsolutePath();
        for (int links = 0; links < MOST_LINKS; links++) {
          Path parent = at.getParent();
          Path name = at.getFileName();
          if (parent == null || name == null) {
            return new Place(written, at, Option.some("a folder"));
          }
          Path real = parent.toRealPath().resolve(name);
          if (isOfTheSystem(real)) {
            return new Place(written, real, Option.some("a place of the operating system's own"));
          }
          if (!Files.isSymbolicLink(real)) {
            return new Place(written, real, wrong(real));
          }
          at = real.resolveSibling(Files.readSymbolicLink(real));
        }
        return new Place(written, at, Option.some("a symbolic link that leads nowhere"));
      } catch (NoSuchFileException absent) {
        return new Place(written, written, Option.some("in a folder that does not exist"));
      } catch (IOException e) {
        return new Place(written, written, Option.some("where no file can be: " + reason(e)));
      }
    }

    private static boolean isOfTheSystem(Path real) {
      return List.of("/proc", "/sys", "/dev").exists(real::startsWith)
          && !real.startsWith("/dev/shm");
    }

    private static Option<String> wrong(Path file) {
      try {
        var kind = Files.readAttributes(file, BasicFileAttributes.class);
        return kind.isDirectory()
            ? Option.some("a folder")
            : kind.isRegularFile()
                ? Option.when(!Files.isWritable(file), "a file that may not be written")
                : Option.some("a device, a pipe or a socket");
      } catch (NoSuchFileException fine) {
        Path folder = file.getParent();
        return Option.when(
            folder == null || !Files.isWritable(folder), "in a folder that may not be written");
      } catch (IOException e) {
        return Option.some("where no file can be: " + reason(e));
      }
    }

    private static String reason(IOException e) {
      return e instanceof FileSystemException file && file.getReason() != null
          ? file.getReason()
          : e.getClass().getSimpleName();
    }

    Option<Problem> problem() {
      return wrong.map(
          what ->
              Problem.of(
                  "output",
                  written + ", " + what,
                  "a file, new or to be replaced, in a folder that exists and may be written",
                  "another path"));
    }

    Problem refused(String why) {
      return Problem.of(
          "output",
          written + ", " + why,
          "outputs that are no input and each a file of its own",
          "another name");
    }

    boolean harms(Path input) {
      try {
        Path read = input.toRealPath();
        return Files.isDirectory(read) ? file.startsWith(read) : isSame(read);
      } catch (IOException absent) {
        // Whoever reads it says so.
        return false;
      }
    }

    boolean isSame(Place other) {
      return isSame(other.file);
    }

    private boolean isSame(Path other) {
      try {
        return file.equals(other)
            || (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(file, other));
      } catch (IOException absent) {
        return false;
      }
    }

    @Override
    public String toString() {
      return written.toString();
    }
  }
}
