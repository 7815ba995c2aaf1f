package lossmith.recipes;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import lossmith.dsl.Problem;

/**
 * The text files of the resources: entries of one line, each with fields on indented lines below.
 *
 * <pre>{@code
 * # a comment
 * name: text
 *   field: text
 * }</pre>
 *
 * @param kind what an entry is, for problems
 * @param once the fields that an entry has at most once
 * @param repeated the fields that an entry may have several times
 */
record EntryFormat(String kind, Seq<String> once, Seq<String> repeated) {
  /** One entry, with the line of its file on which it starts. */
  record Entry(String name, String text, Seq<Field> fields, int line) {
    /** {@return all texts of one field, in the order of the file} */
    Seq<String> all(String field) {
      return fields.filter(f -> f.name().equals(field)).map(Field::text);
    }

    /** {@return the text of a field; empty where the entry has none} */
    String first(String field) {
      return all(field).headOption().getOrElse("");
    }
  }

  /** One field of an entry. */
  record Field(String name, String text, int line) {}

  /** What was read, and every line that could not be. */
  record Read(Seq<Entry> entries, Seq<Problem> problems) {}

  /** {@return the lines of a resource beside this class, comments and empty lines among them} */
  static Seq<String> lines(String resource) {
    try (InputStream in = EntryFormat.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in, "no " + resource).readAllBytes();
      return List.ofAll(new String(bytes, StandardCharsets.UTF_8).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the files that the index of a folder lists} */
  static Seq<String> index(String folder) {
    return lines(folder + "/index.txt").reject(EntryFormat::silent);
  }

  /** {@return the entries of a file, and each malformed line as a problem} */
  Read read(String file, Seq<String> lines) {
    return lines
        .zipWithIndex()
        .reject(line -> silent(line._1))
        .foldLeft(
            new Read(List.empty(), List.empty()),
            (read, line) -> next(read, file, line._1, line._2 + 1));
  }

  /** {@return a problem with a line of a file} */
  Problem problem(String file, int line, String got, String expected) {
    return Problem.of(
        kind,
        got + " in " + file + ", line " + line,
        expected,
        "NAME: its text, and below it, indented, FIELD: its text, a field being one of "
            + once.appendAll(repeated).mkString(", "));
  }

  private Read next(Read read, String file, String line, int number) {
    int colon = line.indexOf(": ");
    String key = colon < 0 ? "" : line.substring(0, colon);
    String text = colon < 0 ? "" : line.substring(colon + 2).strip();
    if (!text.isEmpty() && !key.startsWith(" ")) {
      Entry entry = new Entry(key, text, List.empty(), number);
      return new Read(read.entries.append(entry), read.problems);
    }
    Field field = new Field(key.strip(), text, number);
    if (text.isEmpty() || read.entries.isEmpty() || !may(read.entries.last(), field.name())) {
      String expected =
          key.startsWith(" ")
              ? once.map(name -> "at most one \"" + name + ": …\"")
                  .appendAll(repeated.map(name -> "\"" + name + ": …\""))
                  .mkString("", ", ", " in an entry")
              : "NAME: its text";
      Problem problem = problem(file, number, "\"" + line + "\"", expected);
      return new Read(read.entries, read.problems.append(problem));
    }
    Entry last = read.entries.last();
    Entry longer = new Entry(last.name, last.text, last.fields.append(field), last.line);
    return new Read(read.entries.update(read.entries.size() - 1, longer), read.problems);
  }

  private boolean may(Entry entry, String field) {
    return repeated.contains(field) || (once.contains(field) && entry.all(field).isEmpty());
  }

  private static boolean silent(String line) {
    return line.isBlank() || line.startsWith("#");
  }
}
