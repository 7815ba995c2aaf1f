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

  /** {@return what is written instead, for each cure: the lines that it changes} */
  Seq<String> written() {
    return cures.map(cure -> changed(cure.text()));
  }

  /** From the line of what does not fit to the last one that is another, moved to the left. */
  private String changed(Framed cured) {
    Seq<String> before = List.of(in.text().split("\n", -1));
    Seq<String> after = List.of(cured.text().split("\n", -1));
    int last = above();
    for (int i = last; i < Math.min(before.size(), after.size()); i++) {
      last = before.get(i).equals(after.get(i)) ? last : i;
    }
    Seq<String> lines = after.slice(above(), last + 1);
    int indent = lines.map(Explained::indent).min().getOrElse(0);
    return lines.map(line -> line.substring(indent).stripTrailing()).mkString("\n");
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** {@return what is written for each cure, with what it means} */
  Seq<String> lines() {
    int widest = written().map(String::length).max().getOrElse(0);
    return written().zip(cures).map(one -> meant(one._1, one._2.meaning(), widest));
  }

  private static String meant(String code, String meaning, int widest) {
    boolean alone = !code.contains("\n");
    String end = meaning.isEmpty() ? "" : "  // " + meaning;
    String gap = alone && !meaning.isEmpty() ? " ".repeat(widest - code.length()) : "";
    return "  " + code.replace("\n", "\n  ") + gap + end;
  }

  /** {@return the line, a mark below what does not fit, what it is and what to write} */
  String text() {
    String line = line(in.text(), lineStart());
    int from = mistake.start() - lineStart() - indent(line);
    int length =
        Math.max(1, Math.min(mistake.end() - mistake.start(), line.strip().length() - from));
    Seq<String> head =
        List.of(
            "  " + line.strip(),
            "  " + " ".repeat(Math.max(0, from)) + "^".repeat(length),
            joined(mistake.wrote()) + ".",
            "Expected: " + sentences(mistake.expected()) + ".");
    Seq<String> write = lines();
    Seq<String> all =
        (in.isOneLine() ? head : head.prepend(where()))
            .appendAll(write.isEmpty() ? List.empty() : write.prepend("Write:"));
    return all.flatMap(one -> List.of(one.replace('\t', ' ').split("\n", -1)))
        .map(Problem::line)
        .mkString("\n");
  }

  /** What was written over several lines, on one. */
  private static String joined(String text) {
    return text.replaceAll("\\s*\n\\s*", "");
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
        where() + ": " + joined(mistake.wrote()),
        mistake.expected(),
        written().headOption().map(Explained::joined).getOrElse("a loss as the README shows one"));
  }
}
