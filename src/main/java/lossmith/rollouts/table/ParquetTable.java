package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import lossmith.database.Database;

/** Rows of a Parquet file, read through DuckDB. */
final class ParquetTable {
  private static final Pattern NUMBERS =
      Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\\(.*\\))\\[\\]");
  private static final Pattern NUMBER =
      Pattern.compile("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\\(.*\\)");

  private final Wanted wanted;
  private final JsonValues values;

  private ParquetTable(Wanted wanted) {
    this.wanted = wanted;
    this.values = new JsonValues(wanted);
  }

  /** How a column is asked for and how one cell of it is read. */
  private record Read(String expression, Cell cell) {}

  /** Reads the cell of a row. */
  private interface Cell {
    void read(ResultSet rows, int index, int row) throws SQLException, IOException;
  }

  static int read(Path file, Wanted wanted, int first) throws IOException {
    ParquetTable table = new ParquetTable(wanted);
    // A path is a path: what would be a pattern stands in a class of its own.
    String path = file.toString().replaceAll("[*?\\[]", "[$0]").replace("'", "''");
    String source = "read_parquet('" + path + "', hive_partitioning = false)";
    try (Connection connection = Database.open();
        Statement statement = connection.createStatement()) {
      List<Read> reads = List.empty();
      try (ResultSet described = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
        while (described.next()) {
          reads = reads.appendAll(table.column(described.getString(1), described.getString(2)));
        }
      }
      String columns = reads.map(Read::expression).append("1").mkString(", ");
      try (ResultSet rows = statement.executeQuery("SELECT " + columns + " FROM " + source)) {
        int row = first;
        for (; rows.next(); row++) {
          for (int i = 0; i < reads.size(); i++) {
            reads.get(i).cell().read(rows, i + 1, row);
          }
        }
        return row;
      }
    } catch (SQLException e) {
      throw new IOException(
          String.valueOf(e.getMessage())
              .lines()
              .findFirst()
              .orElse("")
              .replaceFirst("^.*SQLException: ", ""),
          e);
    }
  }

  private Seq<Read> column(String name, String type) {
    Wanted.Place place = wanted.place(name);
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    CellColumn column = place.column;
    if (!place.asked && !(type.startsWith("STRUCT(") && wanted.asked(name + "."))) {
      return List.empty();
    }
    if (NUMBERS.matcher(type).matches()) {
      return List.of(
          new Read(
              "CAST(" + quoted + " AS DOUBLE[])", (rows, i, row) -> list(rows, i, row, column)));
    }
    if (NUMBER.matcher(type).matches()) {
      String both =
          "[CAST(" + quoted + " AS VARCHAR), CAST(CAST(" + quoted + " AS DOUBLE) AS VARCHAR)]";
      return List.of(new Read(both, (rows, i, row) -> number(rows, i, row, column)));
    }
    if (type.equals("VARCHAR")) {
      return List.of(new Read(quoted, (rows, i, row) -> text(rows, i, row, column)));
    }
    return List.of(
        new Read(
            "CAST(to_json(" + quoted + ") AS VARCHAR)",
            (rows, i, row) -> json(rows.getString(i), row, place)));
  }

  private static void list(ResultSet rows, int index, int row, CellColumn column)
      throws SQLException {
    java.sql.Array array = rows.getArray(index);
    if (rows.wasNull()) {
      column.nothing(row);
      return;
    }
    column.open(row, CellColumn.Kind.LIST);
    for (Object entry : (Object[]) array.getArray()) {
      column.add(entry instanceof Double number ? number : CellColumn.NO_ENTRY);
    }
    column.close();
  }

  private static void number(ResultSet rows, int index, int row, CellColumn column)
      throws SQLException {
    Object[] both = (Object[]) rows.getArray(index).getArray();
    if (both[0] == null) {
      column.nothing(row);
    } else {
      column.scalar(
          row,
          CellColumn.Kind.NUMBER,
          Numbers.of(String.valueOf(both[1])),
          String.valueOf(both[0]));
    }
  }

  private static void text(ResultSet rows, int index, int row, CellColumn column)
      throws SQLException {
    String text = rows.getString(index);
    if (text == null) {
      column.nothing(row);
    } else {
      column.text(row, text);
    }
  }

  private void json(String text, int row, Wanted.Place place) throws IOException {
    if (text == null) {
      return;
    }
    try (JsonParser parser = JsonValues.FACTORY.createParser(text)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        values.fields(parser, row, place.name + ".");
        if (place.asked) {
          place.column.object(row, "an object");
        }
      } else {
        JsonValues.value(parser, row, place.column);
      }
    }
  }
}
