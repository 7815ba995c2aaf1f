package lossmith.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * What was found in a file, for readers and for scripts.
 *
 * @param file the file, or the files with a blank between them
 * @param recorded its rollouts, or the first of them
 * @param responses how many the file has; where fewer were looked at, that is said
 * @param findings what was found
 */
public record CheckReport(
    String file, Recorded recorded, long responses, Seq<RolloutFinding> findings) {
  private static final int WIDTH = 100;
  private static final int MARGIN = 9;

  /** {@return whether there is an error among the findings} */
  public boolean fails() {
    return count(Severity.ERROR) > 0;
  }

  /** {@return the same, with warnings as errors} */
  public CheckReport strict() {
    return new CheckReport(file, recorded, responses, findings.map(RolloutFinding::strict));
  }

  private int count(Severity severity) {
    return findings.count(finding -> finding.severity() == severity);
  }

  /** {@return one line where something is wrong, no line where nothing is} */
  public Seq<String> line() {
    String counts = counts(Severity.ERROR, Severity.WARNING);
    return counts.isEmpty()
        ? List.empty()
        : List.of(
            "check"
                + (isPart() ? " of the first " + Counted.responses(recorded.responses()) : "")
                + ": "
                + counts
                + ", see `check "
                + file
                + "`");
  }

  private boolean isPart() {
    return recorded.responses() < responses;
  }

  private String counts(Severity... severities) {
    return List.of(severities)
        .filter(severity -> count(severity) > 0)
        .map(severity -> Counted.of(count(severity), severity.word()))
        .mkString(", ");
  }

  /** {@return the lines that readers see} */
  public Seq<String> lines() {
    String counts = counts(Severity.values());
    return findings
        .flatMap(CheckReport::lines)
        .prepend(
            file
                + ": "
                + (isPart() ? "of " + Counted.responses(responses) + " the first " : "")
                + Counted.responses(recorded.responses())
                + (recorded.grouped() ? " to " + Counted.of(recorded.prompts(), "prompt") : "")
                + ", "
                + Counted.tokens(recorded.tokens())
                + " of the policy. "
                + (counts.isEmpty() ? "Nothing was found." : counts + ".")
                + (isPart() ? " More memory (--memory) holds more." : ""));
  }

  private static Seq<String> lines(RolloutFinding finding) {
    Seq<String> place = finding.first().map(at -> "first: " + at).toList();
    Seq<String> remedy =
        finding.remedy().isEmpty() ? List.empty() : List.of("do: " + finding.remedy());
    return wrapped(finding.sentence())
        .appendAll(place)
        .appendAll(remedy.flatMap(CheckReport::wrapped))
        .zipWithIndex((line, i) -> indent(i == 0 ? finding.severity().word() : "") + line);
  }

  private static String indent(String word) {
    return word + " ".repeat(MARGIN - word.length());
  }

  /** A text in lines of a width that terminals have. */
  private static Seq<String> wrapped(String text) {
    List<String> lines = List.empty();
    String line = "";
    for (String word : text.split(" ", -1)) {
      if (line.isEmpty()) {
        line = word;
      } else if (line.length() + 1 + word.length() <= WIDTH) {
        line = line + " " + word;
      } else {
        lines = lines.append(line);
        line = word;
      }
    }
    return lines.append(line);
  }

  /** {@return the same as JSON, whose keys stay; a number that overflows is null} */
  public ObjectNode json(ObjectMapper mapper) {
    ObjectNode root = mapper.createObjectNode();
    root.put("file", file)
        .put("responses_of_file", responses)
        .put("responses", recorded.responses())
        .put("prompts", recorded.prompts())
        .put("grouped", recorded.grouped())
        .put("tokens", recorded.tokens())
        .put("errors", count(Severity.ERROR))
        .put("warnings", count(Severity.WARNING))
        .put("notes", count(Severity.NOTE));
    var rows = root.putArray("findings");
    for (RolloutFinding finding : findings) {
      ObjectNode row =
          rows.addObject()
              .put("code", finding.code())
              .put("severity", finding.severity().word())
              .put("sentence", finding.sentence())
              .put("remedy", finding.remedy())
              .put("count", finding.count());
      row.putNull("first");
      for (FilePlace place : finding.first()) {
        ObjectNode first = row.putObject("first").put("row", place.row());
        place.entry().forEach(entry -> first.put("entry", entry));
      }
      ObjectNode numbers = row.putObject("numbers");
      finding
          .numbers()
          .forEach((name, number) -> numbers.put(name, Double.isFinite(number) ? number : null));
    }
    return root;
  }
}
