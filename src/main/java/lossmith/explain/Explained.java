package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/**
 * One thing that does not fit, told.
 *
 * @param in the text in which it stands
 * @param mistake what it is
 * @param cures what to write instead, each tried by the compiler, the likeliest first
 */
record Explained(Framed in, Mistake mistake, Seq<Cure> cures) {
  /**
   * A text to write instead.
   *
   * @param text the whole of it
   * @param meaning what it means, in a few words
   */
  record Cure(Framed text, String meaning) {}

  private int lineStart() {
    return in.text().lastIndexOf('\n', Math.max(0, mistake.start() - 1)) + 1;
  }

  /** How many lines stand above. */
  private int above() {
    return (int) in.text().substring(0, lineStart()).chars().filter(c -> c == '\n').count();
  }

  private static String line(String text, int start) {
    int end = text.indexOf('\n', start);
    return end < 0 ? text.substring(start) : text.substring(start, end);
  }

  /** {@return where it stands, such as {@code Loss.java:4:12}} */
  String where() {
    int column = mistake.start() - lineStart() + 1;
    return (in.place().isEmpty() ? "" : in.place() + ":") + (in.line() + above()) + ":" + column;
  }

  /** {@return the lines that are written instead, one for each cure} */
  Seq<String> written() {
    return cures.map(cure -> List.ofAll(cure.text().text().lines().toList()).get(above()).strip());
  }

  /** {@return a line for each cure, with what it means} */
  Seq<String> lines() {
    int widest = written().map(String::length).max().getOrElse(0);
    return written()
        .zip(cures)
        .map(
            one ->
                "  "
                    + (one._2.meaning().isEmpty()
                        ? one._1
                        : one._1
                            + " ".repeat(widest - one._1.length())
                            + "  // "
                            + one._2.meaning()));
  }

  /** {@return the line, a mark below what does not fit, what it is and what to write} */
  String text() {
    String line = line(in.text(), lineStart());
    int indent = line.length() - line.stripLeading().length();
    int from = mistake.start() - lineStart() - indent;
    int length = Math.max(1, Math.min(mistake.end() - mistake.start(), line.length() - from));
    Seq<String> head =
        List.of(
            "  " + line.strip(),
            "  " + " ".repeat(Math.max(0, from)) + "^".repeat(length),
            mistake.wrote() + ".",
            "Expected: " + sentences(mistake.expected()) + ".");
    Seq<String> write = lines();
    return (in.isOneLine() ? head : head.prepend(where()))
        .appendAll(write.isEmpty() ? List.empty() : write.prepend("Write:"))
        .mkString("\n");
  }

  /** What is expected and why, each on its line. */
  private static String sentences(String text) {
    int why = text.indexOf("; ");
    return why < 0
        ? text
        : text.substring(0, why)
            + ".\n"
            + Character.toUpperCase(text.charAt(why + 2))
            + text.substring(why + 3);
  }

  /** {@return the same as a problem, on one line} */
  Problem problem() {
    return Problem.of(
        "source",
        where() + ": " + mistake.wrote(),
        mistake.expected(),
        written().headOption().getOrElse("a loss as the README shows one"));
  }
}
