package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import lossmith.dsl.Problem;

/**
 * Rows of comma-separated values, every value in quotes.
 *
 * @param columns their names
 */
record CsvRows(List<String> columns) implements RowForm {
  /** {@return the rows of files with the same columns} */
  static CsvRows of(Seq<Path> files) throws IOException {
    List<String> columns = columns(files.head());
    for (Path file : files.tail()) {
      if (!columns(file).equals(columns)) {
        throw Problem.of(
                "file",
                file + ", with other columns than " + files.head(),
                "CSV files with the same header, where they are spread over machines",
                "them as JSONL")
            .exception();
      }
    }
    return new CsvRows(columns);
  }

  private static List<String> columns(Path file) throws IOException {
    try (CsvParser parser = CsvTable.FACTORY.createParser(TextFile.open(file))) {
      parser.setSchema(CsvSchema.emptySchema().withHeader());
      JsonToken unused = parser.nextToken();
      return List.ofAll(parser.getSchema().getColumnNames());
    }
  }

  @Override
  public String ending() {
    return ".csv";
  }

  @Override
  public boolean byLine(Path file) {
    return false;
  }

  @Override
  public Iterator<String> rows(Path file) throws IOException {
    CsvParser parser = CsvTable.FACTORY.createParser(TextFile.open(file));
    parser.setSchema(CsvSchema.emptySchema().withHeader());
    JsonToken first = parser.nextToken();
    return new Iterator<>() {
      private JsonToken next = first;

      @Override
      public boolean hasNext() {
        return next == JsonToken.START_OBJECT;
      }

      @Override
      public String next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        try {
          String row = line(row(parser));
          next = parser.nextToken();
          if (!hasNext()) {
            parser.close();
          }
          return row;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static Map<String, String> row(CsvParser parser) throws IOException {
    Map<String, String> row = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken unused = parser.nextToken();
      String before = row.put(name, parser.getText());
      assert before == null : name;
    }
    return row;
  }

  private String line(Map<String, String> row) {
    return columns.map(name -> quoted(row.getOrDefault(name, ""))).mkString(",");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public Seq<String> names(String row) {
    return columns;
  }

  @Override
  public String text(String row, String column) throws IOException {
    try (CsvParser parser = CsvTable.FACTORY.createParser(new StringReader(row))) {
      parser.setSchema(columns.foldLeft(CsvSchema.builder(), CsvSchema.Builder::addColumn).build());
      JsonToken unused = parser.nextToken();
      return row(parser).getOrDefault(column, "");
    }
  }

  @Override
  public String head() {
    return columns.map(CsvRows::quoted).prepend(PartRows.NUMBER).mkString(",");
  }

  @Override
  public String numbered(String row, int number) {
    return number + "," + row;
  }
}
