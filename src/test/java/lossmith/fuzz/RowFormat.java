package lossmith.fuzz;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** The formats in which rollouts are written. */
enum RowFormat {
  JSONL,
  NDJSON,
  JSON,
  CSV,
  PARQUET;

  /** With many more DuckDB ends the process while it writes. */
  private static final int MOST_LISTS = 200;

  /** {@return the bytes of a file; none where Parquet cannot hold such rows} */
  byte[] bytes(List<Map<String, Object>> rows, List<String> header) throws IOException {
    if (this == PARQUET) {
      return parquet(text(rows, header));
    }
    return text(rows, header).getBytes(StandardCharsets.UTF_8);
  }

  private String text(List<Map<String, Object>> rows, List<String> header) {
    return switch (this) {
      case JSON -> rows.stream().map(DrawnRows::object).collect(Collectors.joining(",", "[", "]"));
      case CSV ->
          csv(header.stream().map(name -> name.replace(DrawnRows.AGAIN, "")).toList())
              + rows.stream()
                  .map(row -> csv(header.stream().map(name -> cell(row.get(name))).toList()))
                  .collect(Collectors.joining());
      default ->
          rows.stream().map(row -> DrawnRows.object(row) + "\n").collect(Collectors.joining());
    };
  }

  private static String csv(List<String> cells) {
    return cells.stream()
        .map(
            cell ->
                cell.matches("(?s).*[\",\n\r].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell)
        .collect(Collectors.joining(",", "", "\n"));
  }

  /** Text without its quotation marks, everything else as JSON. */
  private static String cell(@org.jspecify.annotations.Nullable Object value) {
    if (value == null || value.equals("null")) {
      return "";
    }
    String json = DrawnRows.json(value);
    return json.startsWith("\"")
        ? json.substring(1, json.length() - 1).replace("\\\"", "\"").replace("\\n", "\n")
        : json;
  }

  private static byte[] parquet(String lines) throws IOException {
    if (lines.contains("[".repeat(MOST_LISTS))) {
      return new byte[0];
    }
    Path from = Files.createTempFile("drawn", ".jsonl");
    Path to = from.resolveSibling(from.getFileName() + ".parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      from = Files.writeString(from, lines);
      boolean unusedResult =
          statement.execute(
              "COPY (FROM read_json('"
                  + from
                  + "', format = 'newline_delimited')) TO '"
                  + to
                  + "' (FORMAT parquet)");
      return Files.readAllBytes(to);
    } catch (SQLException e) {
      return new byte[0];
    } finally {
      boolean unused = Files.deleteIfExists(from);
      unused = Files.deleteIfExists(to);
    }
  }

  /** {@return the bytes packed as an ending says} */
  static byte[] packed(byte[] bytes, String ending) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        ending.endsWith(".gz")
            ? new GZIPOutputStream(packed)
            : ending.endsWith(".zst") ? new ZstdOutputStream(packed) : packed) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
