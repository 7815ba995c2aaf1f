package lossmith.cli.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import lossmith.console.Output;
import lossmith.console.TextTable;

/**
 * What a command found. A column of CSV and Markdown is a key of the rows' JSON, so that a word
 * means the same in each; a list is one cell, and objects within a row are in JSON alone.
 *
 * @param all of it
 * @param rows those objects of it that are rows of a table
 */
public record FoundRows(JsonNode all, Seq<JsonNode> rows) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * {@return what is found in an array}
   *
   * @param all of it
   * @param array that part of it, or all of it, whose elements are the rows
   */
  public static FoundRows of(JsonNode all, JsonNode array) {
    return new FoundRows(all, Vector.ofAll(array));
  }

  /** {@return what is found where that is nothing but rows} */
  public static FoundRows of(ArrayNode rows) {
    return of(rows, rows);
  }

  /** Writes all of it to a file. */
  public void write(Path file) throws IOException {
    Output.write(file, to -> MAPPER.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), all));
  }

  /** {@return all of it as JSON} */
  String json() {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the rows as CSV (RFC 4180), with a line of names} */
  String csv() {
    CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true);
    columns().forEach(schema::addColumn);
    CsvMapper mapper =
        CsvMapper.builder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();
    Seq<java.util.Map<String, Object>> cells =
        rows.map(row -> columns().toJavaMap(name -> io.vavr.Tuple.of(name, exact(row.path(name)))));
    try {
      return columns().isEmpty()
          ? ""
          : mapper.writer(schema.build()).writeValueAsString(cells.asJava());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the rows as a table of Markdown} */
  String markdown() {
    Seq<JsonNode> first = rows.take(1);
    return line(columns())
        + line(
            columns().map(name -> first.exists(row -> row.path(name).isTextual()) ? "---" : "---:"))
        + rows.map(row -> line(columns().map(name -> rounded(row.path(name))))).mkString();
  }

  /** The keys that are no object in any row, in the order in which they come. */
  private Seq<String> columns() {
    return rows.flatMap(row -> List.ofAll(row::fieldNames))
        .distinct()
        .reject(name -> rows.exists(row -> row.path(name).isObject()))
        .toList();
  }

  private static String line(Seq<String> cells) {
    return cells
        .map(cell -> cell.replace("|", "\\|").replaceAll("\\R", " "))
        .mkString("| ", " | ", " |\n");
  }

  private static String rounded(JsonNode cell) {
    return cell.isFloatingPointNumber() ? TextTable.number(cell.doubleValue()) : exact(cell);
  }

  private static String exact(JsonNode cell) {
    return cell.isArray()
        ? Vector.ofAll(cell).map(FoundRows::exact).mkString("; ")
        : cell.isNull() ? "" : cell.asText();
  }
}
