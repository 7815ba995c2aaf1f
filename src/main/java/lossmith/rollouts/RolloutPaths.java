package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import lossmith.dsl.Problem;

/** Finds the files that are read as one: files, folders of shards, and patterns where asked for. */
public final class RolloutPaths {
  private RolloutPaths() {}

  /**
   * {@return the files in the order given, those of a folder or a pattern by name}
   *
   * @param given files and folders; of a folder every file is meant that is not hidden, but none in
   *     its folders
   * @param patterns whether a name may have {@code *}, {@code ?}, {@code [..]} and {@code {..}}
   * @throws lossmith.dsl.ProblemException where a folder has no file, a pattern finds none, or a
   *     file is meant twice: each of its rows would count twice
   */
  public static Seq<Path> of(Seq<Path> given, boolean patterns) {
    Seq<Path> found = given.flatMap(path -> of(path, patterns));
    found
        .groupBy(RolloutPaths::real)
        .values()
        .filter(same -> same.size() > 1)
        .forEach(
            same -> {
              throw problem(same.head() + ", " + same.size() + " times");
            });
    return found;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException absent) {
      // Whoever reads it says so.
      return path;
    }
  }

  private static Seq<Path> of(Path path, boolean patterns) {
    if (Files.isDirectory(path)) {
      return some(files(path, file -> true), path + ", a directory without a file");
    }
    return patterns && !Files.exists(path)
        ? some(matching(path), path + ", a pattern that no file has")
        : List.of(path);
  }

  /** The last name of a path may be a pattern; its folder is a path. */
  private static Seq<Path> matching(Path pattern) {
    Path folder = pattern.toAbsolutePath().getParent();
    Path shown = pattern.getParent();
    try {
      PathMatcher matcher =
          FileSystems.getDefault().getPathMatcher("glob:" + pattern.getFileName());
      return folder == null || !Files.isDirectory(folder)
          ? List.empty()
          : files(shown == null ? Path.of("") : shown, file -> matcher.matches(file.getFileName()));
    } catch (PatternSyntaxException | InvalidPathException e) {
      throw problem(
          pattern
              + ", no pattern: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static Seq<Path> files(Path folder, Predicate<Path> which) {
    try (Stream<Path> all = Files.list(folder)) {
      return List.ofAll(all)
          .filter(file -> !String.valueOf(file.getFileName()).matches("[._].*"))
          .filter(file -> Files.isRegularFile(file) && which.test(file))
          .sortBy(file -> String.valueOf(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Seq<Path> some(Seq<Path> files, String otherwise) {
    if (files.isEmpty()) {
      throw problem(otherwise);
    }
    return files;
  }

  private static RuntimeException problem(String wrote) {
    return Problem.of(
            "file",
            wrote,
            "files of rollouts, each once",
            "the paths of files, or of a folder that has them")
        .exception();
  }
}
