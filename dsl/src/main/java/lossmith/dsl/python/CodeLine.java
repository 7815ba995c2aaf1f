package lossmith.dsl.python;

import io.vavr.collection.Seq;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a function.
 *
 * @param text how it is written
 * @param name the name that it gives to an expression, if that is for want of room alone
 * @param code that expression
 */
record CodeLine(String text, String name, @Nullable PythonCode code) {
  /** What is longer is read with difficulty; eight more blanks stand before it. */
  private static final int WIDTH = 88;

  /** A line that stays. */
  CodeLine(String text) {
    this(text, "", null);
  }

  /**
   * {@return the lines, where an expression that one other line reads stands in that, if it fits}
   */
  static Seq<CodeLine> joined(Seq<CodeLine> lines) {
    Seq<CodeLine> left = lines;
    for (int i = 0; i < left.size(); ) {
      CodeLine line = left.get(i);
      Seq<CodeLine> readers = left.filter(other -> !other.equals(line) && line.readBy(other) > 0);
      boolean once = readers.size() == 1 && line.readBy(readers.head()) == 1;
      String whole = once ? line.within(readers.head()) : "";
      if (whole.isEmpty() || whole.length() > WIDTH) {
        i++;
      } else {
        CodeLine reader = readers.head();
        left =
            left.replace(reader, new CodeLine(whole, reader.name, reader.in(whole))).remove(line);
      }
    }
    return left;
  }

  private int readBy(CodeLine other) {
    return code == null ? 0 : (int) pattern().matcher(other.text).results().count();
  }

  private Pattern pattern() {
    return Pattern.compile("(?<![.\\w\"])" + name + "(?!\\w| = )");
  }

  /** The other line with this expression in place of its name; nothing where that is unclear. */
  private String within(CodeLine other) {
    Matcher at = pattern().matcher(other.text);
    if (code == null || !at.find()) {
      return "";
    }
    String before = other.text.substring(0, at.start());
    String after = other.text.substring(at.end());
    boolean alone = before.matches(".*([(]|, | = |: )$") && after.matches("([),].*)?$");
    return alone || code.binds() == PythonCode.Binding.ATOM
        ? before + code.text() + after
        : before + "(" + code.text() + ")" + after;
  }

  private @Nullable PythonCode in(String whole) {
    return code == null
        ? null
        : new PythonCode(whole.substring(name.length() + 3), code.binds(), code.shape());
  }
}
