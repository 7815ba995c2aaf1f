package lossmith.objective;

import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Problem;
import lossmith.explain.Framed;

/** A Java source file that nobody compiled. */
public final class SourceFile {
  /** How the name of one ends. */
  public static final String ENDING = ".java";

  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+[\\w.]+\\s*;");
  private static final Pattern IMPORT = Pattern.compile("(?m)^\\s*import\\s");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^\\s*public\\s+(?:final\\s+)?(?:class|record|enum|interface)\\s+(\\w+)");

  private SourceFile() {}

  /**
   * {@return the classes of a file, compiled and loaded}
   *
   * @param path the file
   * @param imports what counts as imported where the file imports nothing
   * @throws lossmith.dsl.ProblemException with what is wrong and what to write, where it does not
   *     compile or is not there
   */
  public static Seq<Class<?>> classes(Path path, String imports) {
    String text = read(path, "a Java source file");
    Matcher named = TYPE.matcher(text);
    String name = named.find() ? named.group(1) : stem(path);
    return SourceCompiler.classes(framed(path.toString(), name, text, imports));
  }

  /** The name of a file without its ending. */
  static String stem(Path path) {
    return path.getFileName().toString().replaceAll("\\.java$", "");
  }

  /** A file, with imports on the line of the package if it has none of its own. */
  private static Framed framed(String place, String name, String text, String imports) {
    if (IMPORT.matcher(text).find()) {
      return new Framed(place, name, "", text, "", 1);
    }
    Matcher head = PACKAGE.matcher(text);
    int end = head.find() ? head.end() : 0;
    int lines = (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    return new Framed(
        place, name, text.substring(0, end) + imports, text.substring(end), "", 1 + lines);
  }

  static String read(Path path, String what) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw Problem.of(
              "source",
              path + (Files.exists(path) ? ", which is no text" : ", which does not exist"),
              what + " in UTF-8",
              "the path of one")
          .exception();
    }
  }
}
