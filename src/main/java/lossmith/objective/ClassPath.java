package lossmith.objective;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Problem;

/** The classes that a user adds to those of this program. */
public final class ClassPath {
  private ClassPath() {}

  /**
   * Adds jars and folders for the rest of the process; they are also there for sources that are
   * compiled.
   *
   * @param path separated as in {@code java -cp}
   * @throws lossmith.dsl.ProblemException where one of them does not exist
   */
  public static void add(String path) {
    Seq<Path> entries =
        List.of(path.split(File.pathSeparator, -1)).filter(e -> !e.isEmpty()).map(Path::of);
    Problem.throwAll(
        entries
            .reject(Files::exists)
            .map(
                entry ->
                    Problem.of(
                        "class-path",
                        entry + ", which does not exist",
                        "jars and folders of classes",
                        "--class-path my.jar" + File.pathSeparator + "target/classes")));
    Thread.currentThread()
        .setContextClassLoader(
            new URLClassLoader(
                entries.map(ClassPath::url).toJavaArray(URL[]::new),
                Thread.currentThread().getContextClassLoader()));
  }

  private static URL url(Path entry) {
    try {
      return entry.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a file without an address: " + entry, e);
    }
  }
}
