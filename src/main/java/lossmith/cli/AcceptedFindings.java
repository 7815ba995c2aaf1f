package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import org.jspecify.annotations.Nullable;

/** The laws that an objective may break: those typed, and those of a file for CI. */
final class AcceptedFindings {
  private static final String TYPED = "LAW=\"why\", the reason after an equals sign";
  private static final String WRITTEN = "LAW: why, a line each; # begins a comment";

  @picocli.CommandLine.Option(
      names = "--accept",
      paramLabel = "LAW=WHY",
      description =
          "a law that may be broken, and why: it is printed and the command exits with 0 all the"
              + " same; may be given again")
  private java.util.@Nullable List<String> typed;

  @picocli.CommandLine.Option(
      names = "--accepted",
      paramLabel = "FILE",
      description = "the same from a file, a line each: LAW: why; # begins a comment")
  private @Nullable Path file;

  /** The file that is read, if there is one. */
  Seq<Path> files() {
    return Option.of(file).toList();
  }

  /**
   * The reasons by law; mistakes are told all together.
   *
   * @param tried the names of the laws that are tried, asked where there is a reason
   */
  Map<String, String> reasons(Supplier<Seq<String>> tried) throws IOException {
    Seq<Line> lines =
        List.ofAll(Option.of(typed).getOrElse(java.util.List.of()))
            .<Line>map(text -> Line.of("--accept " + text, text, '=', TYPED))
            .appendAll(written());
    Seq<String> known = lines.isEmpty() ? List.empty() : tried.get();
    Problem.throwAll(lines.flatMap(line -> line.mistakes(known)));
    return lines.foldLeft(LinkedHashMap.empty(), (all, line) -> all.put(line.law, line.reason));
  }

  private Seq<Line> written() throws IOException {
    if (file == null) {
      return List.empty();
    }
    if (!Files.isRegularFile(file)) {
      throw Problem.of(
              "accepted", file + ", where there is no file", "a file of accepted laws", WRITTEN)
          .exception();
    }
    Path path = file;
    return List.ofAll(Files.readAllLines(path, StandardCharsets.UTF_8))
        .zipWithIndex()
        .filter(line -> !line._1.isBlank() && !line._1.strip().startsWith("#"))
        .map(line -> Line.of(path + ":" + (line._2 + 1) + ": " + line._1, line._1, ':', WRITTEN));
  }

  /** A law and the reason why it may be broken, and where that is written. */
  private record Line(String where, String law, String reason, String form) {
    static Line of(String where, String text, char between, String form) {
      int at = text.indexOf(between);
      return at < 0
          ? new Line(where, text.strip(), "", form)
          : new Line(where, text.substring(0, at).strip(), unquoted(text.substring(at + 1)), form);
    }

    private static String unquoted(String text) {
      String bare = text.strip();
      boolean quoted = bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"");
      return quoted ? bare.substring(1, bare.length() - 1).strip() : bare;
    }

    Seq<Problem> mistakes(Seq<String> known) {
      if (reason.isEmpty()) {
        return List.of(Problem.of("accepted", where + ", without a reason", "a reason", form));
      }
      return known.contains(law)
          ? List.empty()
          : List.of(
              Problem.of(
                  "accepted",
                  where + ", no law that is tried" + Nearest.to(law, known),
                  Nearest.among(law, known),
                  form));
    }
  }
}
