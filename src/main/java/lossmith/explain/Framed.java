package lossmith.explain;

import io.vavr.collection.Seq;

/**
 * What a user wrote, in the source that the compiler reads.
 *
 * @param place what to call it: a file, or nothing for an expression
 * @param name the simple name of its first public class
 * @param before what the compiler reads before it
 * @param text what the user wrote
 * @param after what the compiler reads behind it
 * @param line the number of its first line
 */
public record Framed(
    String place, String name, String before, String text, String after, int line) {
  /** {@return what the compiler reads} */
  public String source() {
    return before + text + after;
  }

  /** Whether it is an expression that was typed on one line. */
  boolean isOneLine() {
    return place.isEmpty() && !text.strip().contains("\n");
  }

  /** The same in a package, instead of one that it was put into before. */
  Framed in(String home) {
    return new Framed(
        place,
        name,
        "package " + home + "; " + before.replaceFirst("^package text\\d+; ", ""),
        text,
        after,
        line);
  }

  Framed edited(Seq<Edit> edits) {
    String changed =
        edits
            .sortBy(edit -> -edit.start())
            .foldLeft(
                text,
                (all, edit) ->
                    all.substring(0, edit.start()) + edit.text() + all.substring(edit.end()));
    return new Framed(place, name, before, changed, after, line);
  }

  /** Where a position of the whole source lies in what the user wrote, or nearest to it. */
  int own(long position) {
    return (int) Math.max(0, Math.min(text.length(), position - before.length()));
  }
}
