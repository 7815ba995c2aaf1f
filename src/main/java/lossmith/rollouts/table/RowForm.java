package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JacksonException;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;

/**
 * Rows of text files as texts of their own, which can be spread over parts: each is read, without
 * the others, as it is read in its file.
 */
public interface RowForm extends Serializable {
  /** {@return how files of these rows end} */
  String ending();

  /** {@return whether each line of a file is a row, so that a file can be cut between lines} */
  boolean byLine(Path file);

  /** {@return the rows of a whole file, whatever it is packed in; to be read once} */
  Iterator<String> rows(Path file) throws IOException;

  /** {@return the names that a row has, in its order; a field of an object is {@code a.b}} */
  Seq<String> names(String row) throws IOException;

  /** {@return what a row has in a column, as text; empty where it has nothing} */
  String text(String row, String column) throws IOException;

  /** {@return what a part begins with} */
  String head();

  /** {@return a row with its number among all rows, as it is written to a part} */
  String numbered(String row, int number);

  /**
   * {@return how the rows of files are spread; nothing for files that are not text}
   *
   * @param files of one kind
   */
  static Option<RowForm> of(Seq<Path> files) throws IOException {
    Seq<String> kinds = files.map(RowForm::kind).distinct();
    return switch (kinds.size() == 1 ? kinds.head() : "") {
      case "csv" -> Option.some(CsvRows.of(files));
      case "json" -> Option.some(new JsonRows());
      default -> Option.none();
    };
  }

  private static String kind(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String plain = name.replaceFirst("\\.(gz|zst)$", "");
    return plain.endsWith(".csv")
        ? "csv"
        : List.of(".json", ".jsonl", ".ndjson").exists(plain::endsWith) ? "json" : "other";
  }

  /** {@return why something that was read is no row} */
  static String reason(IOException e) {
    return e instanceof JacksonException json
        ? MalformedFile.reason(json)
        : String.valueOf(e.getMessage());
  }
}
