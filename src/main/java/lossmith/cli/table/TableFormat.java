package lossmith.cli.table;

import java.util.stream.Stream;
import picocli.CommandLine;

/** In what form a command prints what it found. */
public enum TableFormat {
  /** Aligned columns of rounded numbers, and sentences. */
  TABLE("table"),
  /** The rows with a line of names, in full precision; a cell that does not exist is empty. */
  CSV("csv"),
  /** All that was found, as {@code --json} writes it to a file. */
  JSON("json"),
  /** The rows as a table of Markdown, with rounded numbers. */
  MARKDOWN("markdown");

  private final String word;

  TableFormat(String word) {
    this.word = word;
  }

  /** Reads a form. */
  static final class Reader implements CommandLine.ITypeConverter<TableFormat> {
    @Override
    public TableFormat convert(String written) {
      return Stream.of(values())
          .filter(form -> form.word.equals(written))
          .findFirst()
          .orElseThrow(
              () ->
                  new CommandLine.TypeConversionException(
                      "expected table, csv, json or markdown but was '" + written + "'"));
    }
  }

  /** {@return what is written for it on the command line} */
  @Override
  public String toString() {
    return word;
  }
}
