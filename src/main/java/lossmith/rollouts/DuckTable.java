package lossmith.rollouts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lossmith.dsl.Problem;
import org.jspecify.annotations.Nullable;

/** A rollout file as a table, read through DuckDB. */
final class DuckTable implements AutoCloseable {
  private static final int MESSAGE = 160;

  private final Path file;
  private final String source;
  private final Connection connection;
  private final Map<String, String> types;

  private DuckTable(Path file, String source, Connection connection, Map<String, String> types) {
    this.file = file;
    this.source = source;
    this.connection = connection;
    this.types = types;
  }

  /** {@return the table in a file; a path that is none is a {@link Problem}} */
  static DuckTable open(Path file) {
    check(file);
    String source = reader(file);
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
        Map<String, String> types = LinkedHashMap.empty();
        while (rows.next()) {
          types = types.put(rows.getString(1), rows.getString(2));
        }
        return new DuckTable(file, source, connection, types);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  private static void check(Path file) {
    try {
      if (!Files.exists(file)) {
        throw problem(file + ", which does not exist", "a rollout file", "the path of one")
            .exception();
      }
      if (Files.isDirectory(file)) {
        throw problem(file + ", a directory", "a rollout file", "the path of a file in it")
            .exception();
      }
      if (!Files.isReadable(file)) {
        throw problem(
                file + ", which may not be read",
                "a rollout file",
                "a file you have the right to read")
            .exception();
      }
      if (Files.size(file) == 0) {
        throw problem(file + ", an empty file", "at least one response", "a file with rollouts")
            .exception();
      }
    } catch (IOException e) {
      throw problem(file + ": " + e.getMessage(), "a rollout file", "the path of one").exception();
    }
  }

  private static String reader(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String plain = name.replaceFirst("\\.(gz|zst)$", "");
    String literal = "'" + file.toString().replace("'", "''") + "'";
    if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
      return "read_json(" + literal + ", format = 'newline_delimited', sample_size = -1)";
    }
    if (plain.endsWith(".json")) {
      return "read_json(" + literal + ", sample_size = -1)";
    }
    if (plain.endsWith(".csv")) {
      return "read_csv(" + literal + ", header = true, sample_size = -1)";
    }
    if (name.endsWith(".parquet")) {
      return "read_parquet(" + literal + ")";
    }
    throw problem(
            file + ", whose ending names no known format",
            ".jsonl, .json, .csv (also .gz) or .parquet",
            "a name with such an ending")
        .exception();
  }

  /** {@return the type of each column, by name} */
  Map<String, String> types() {
    return types;
  }

  /** {@return a column as text, null where the file has nothing} */
  List<@Nullable String> texts(String column) {
    return cells("CAST(" + quoted(column) + " AS VARCHAR)", rows -> rows.getString(1));
  }

  /** {@return a column of numbers, null where the file has none} */
  List<@Nullable Double> numbers(String column) {
    return cells(
        "TRY_CAST(" + quoted(column) + " AS DOUBLE)",
        rows -> {
          double number = rows.getDouble(1);
          return rows.wasNull() ? null : number;
        });
  }

  /** {@return a column of lists of numbers, null where the file has none} */
  List<@Nullable Object[]> lists(String column) {
    return cells(
        "TRY_CAST(" + quoted(column) + " AS DOUBLE[])",
        rows -> {
          Array array = rows.getArray(1);
          return rows.wasNull() ? null : (Object[]) array.getArray();
        });
  }

  /** Reads the one cell of a row. */
  private interface Cell<T> {
    @Nullable T read(ResultSet row) throws SQLException;
  }

  private <T> List<@Nullable T> cells(String expression, Cell<T> cell) {
    List<@Nullable T> cells = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + expression + " FROM " + source)) {
      while (rows.next()) {
        cells.add(cell.read(rows));
      }
      return cells;
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  private static String quoted(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  private static RuntimeException unreadable(Path file, SQLException e) {
    String line =
        String.valueOf(e.getMessage())
            .lines()
            .findFirst()
            .orElse("")
            .replace("java.sql.SQLException: ", "");
    String shown = line.length() > MESSAGE ? line.substring(0, MESSAGE) + "…" : line;
    String reason = shown.contains("pending query") ? "" : " (" + shown + ")";
    return problem(
            file + ", which is truncated or not of the format that its name gives" + reason,
            "a whole, valid file",
            "such a file")
        .exception();
  }

  private static Problem problem(String wrote, String expected, String remedy) {
    return Problem.of("file", wrote, expected, remedy);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
