package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Locale;

/** Rows of comma-separated values under a header; lists are written as JSON in their cells. */
final class CsvTable {
  static final CsvFactory FACTORY =
      CsvFactory.builder()
          .streamReadConstraints(JsonValues.CONSTRAINTS)
          .disable(CsvParser.Feature.TRIM_SPACES)
          .build();

  private CsvTable() {}

  static int read(Path file, Wanted wanted, int first) throws IOException {
    try (Reader reader = TextFile.open(file);
        CsvParser parser = FACTORY.createParser(reader)) {
      parser.setSchema(CsvSchema.emptySchema().withHeader());
      int row = first;
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          Wanted.Place place = wanted.place(parser.currentName());
          JsonToken unused = parser.nextToken();
          if (place.asked) {
            cell(parser, row, place.column);
          }
        }
        row++;
        wanted.sawRow();
      }
      return row;
    }
  }

  private static void cell(CsvParser csv, int row, CellColumn column) throws IOException {
    String text = csv.getText();
    String bare = text.strip();
    if (bare.isEmpty()) {
      column.nothing(row);
    } else if (bare.startsWith("[") || bare.startsWith("{")) {
      json(bare, row, column, csv.currentTokenLocation().getLineNr());
    } else {
      switch (bare.toLowerCase(Locale.ROOT)) {
        case "true" -> column.scalar(row, CellColumn.Kind.TRUTH, 1, text);
        case "false" -> column.scalar(row, CellColumn.Kind.TRUTH, 0, text);
        default -> column.text(row, text);
      }
    }
  }

  private static void json(String text, int row, CellColumn column, int line) throws IOException {
    try (JsonParser parser = JsonValues.FACTORY.createParser(text)) {
      JsonToken unused = parser.nextToken();
      JsonValues.value(parser, row, column);
      if (parser.nextToken() != null) {
        throw new MalformedFile(
            "line " + line + ", " + column.name() + ": more behind the list or object");
      }
    } catch (JacksonException e) {
      throw new MalformedFile(
          "line " + line + ", " + column.name() + ": " + MalformedFile.reason(e));
    }
  }
}
