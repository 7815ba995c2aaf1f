package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vavr.CheckedConsumer;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lossmith.dsl.ProblemException;
import lossmith.storage.Database;
import org.duckdb.DuckDBConnection;

/** Rows of a Parquet file, read through DuckDB. */
final class ParquetTable {
  private static final Pattern NUMBERS =
      Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\\(.*\\))\\[\\]");
  private static final Pattern NUMBER =
      Pattern.compile("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\\(.*\\)");

  /** Each list is two levels of a schema. */
  private static final int LEVELS = 2 * JsonValues.DEPTH;

  /** The time that DuckDB takes for lists in lists doubles with each. */
  private static final int LISTS = 10;

  private final Wanted wanted;
  private final JsonValues values;
  private final java.util.List<NumberLists> numberLists = new ArrayList<>();

  private ParquetTable(Wanted wanted) {
    this.wanted = wanted;
    this.values = new JsonValues(wanted);
  }

  /**
   * A column of lists of numbers, which is read by itself: of a large file a page of it may be as
   * large as what DuckDB may have in memory.
   */
  private record NumberLists(CellColumn column, String quoted) {
    /** Reads the numbers of all rows, one after the other: no list is ever an object. */
    void read(Connection database, String source, int first, int rows, Wanted wanted)
        throws SQLException {
      try (Connection own = database.unwrap(DuckDBConnection.class).duplicate();
          Statement statement = own.createStatement()) {
        read(statement, source, first, rows, wanted);
      }
      wanted.sawEnd(column);
    }

    private void read(Statement statement, String source, int first, int rows, Wanted wanted)
        throws SQLException {
      int[] lengths = lengths(statement, source, rows);
      try (ResultSet numbers =
          statement.executeQuery(
              "SELECT unnest(CAST(" + quoted + " AS DOUBLE[])) FROM " + source)) {
        for (int row = 0; row < rows; row++) {
          if (lengths[row] < 0) {
            column.nothing(first + row);
            continue;
          }
          wanted.sawNumbers();
          column.open(first + row, CellColumn.Kind.LIST);
          for (int i = 0; i < lengths[row] && numbers.next(); i++) {
            double number = numbers.getDouble(1);
            column.add(numbers.wasNull() ? CellColumn.NO_ENTRY : number);
          }
          column.close();
        }
      }
    }

    /** How many entries the list of each row has; −1 where there is none. */
    private int[] lengths(Statement statement, String source, int rows) throws SQLException {
      int[] lengths = new int[rows];
      try (ResultSet found =
          statement.executeQuery("SELECT coalesce(len(" + quoted + "), -1) FROM " + source)) {
        for (int row = 0; row < rows && found.next(); row++) {
          lengths[row] = found.getInt(1);
        }
      }
      return lengths;
    }
  }

  /** How a column is asked for and how one cell of it is read. */
  private record Read(String expression, Cell cell) {}

  /** Reads the cell of a row. */
  private interface Cell {
    void read(ResultSet rows, int index, int row) throws SQLException, IOException;
  }

  static int read(Path file, Wanted wanted, int first) throws IOException {
    if (ParquetDepth.of(file) > LEVELS) {
      throw new MalformedFile("nested more than " + JsonValues.DEPTH + " deep");
    }
    ParquetTable table = new ParquetTable(wanted);
    // A path is a path: what would be a pattern stands in a class of its own.
    String path = file.toString().replaceAll("[*?\\[]", "[$0]").replace("'", "''");
    String source = "read_parquet('" + path + "', hive_partitioning = false)";
    try (Connection connection = Database.open(wanted.budget());
        Statement statement = connection.createStatement()) {
      // The order of rows is asked for: a second thread waits for the first and holds its pages.
      boolean unused = statement.execute("SET threads = 1");
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
          wanted.sawRow();
        }
        int rowCount = row - first;
        wanted.expect((long) rowCount * table.numberLists.size());
        table
            .numberLists(largestChunks(statement, path) <= wanted.budget().tables() / 2)
            .forEach(
                CheckedConsumer.<NumberLists>of(
                        lists -> lists.read(connection, source, first, rowCount, wanted))
                    .unchecked());
        return row;
      }
    } catch (SQLException e) {
      for (ProblemException small : wanted.budget().exceeded(e)) {
        throw small;
      }
      throw new IOException(reason(e), e);
    }
  }

  /** The columns of lists, to be read several at a time where memory allows it. */
  private Stream<NumberLists> numberLists(boolean together) {
    return together ? numberLists.parallelStream() : numberLists.stream();
  }

  /** The bytes of the largest chunk of each column, of which DuckDB holds no more than a page. */
  private static long largestChunks(Statement statement, String path) throws SQLException {
    try (ResultSet sum =
        statement.executeQuery(
            "SELECT CAST(sum(largest) AS BIGINT) FROM (SELECT max(total_uncompressed_size) AS"
                + " largest FROM parquet_metadata('"
                + path
                + "') GROUP BY path_in_schema)")) {
      return sum.next() ? sum.getLong(1) : 0;
    }
  }

  private static String reason(SQLException e) {
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    // A query whose first numbers cannot be read says no more than this.
    return first.contains("closed pending query result")
        ? "the numbers in it cannot be read"
        : first.replaceFirst("^.*SQLException: ", "").replaceAll("\\w+Exception: ", "");
  }

  private Seq<Read> column(String name, String type) throws MalformedFile {
    Wanted.Place place = wanted.place(name);
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    CellColumn column = place.column;
    if (!place.asked && !(type.startsWith("STRUCT(") && wanted.asked(name + "."))) {
      return List.empty();
    }
    if (type.split("\\[", -1).length > LISTS + 1) {
      throw new MalformedFile("column " + name + ": lists in more than " + LISTS + " lists");
    }
    if (NUMBERS.matcher(type).matches()) {
      numberLists.add(new NumberLists(column, quoted));
      return List.empty();
    }
    if (NUMBER.matcher(type).matches()) {
      return List.of(
          new Read("CAST(" + quoted + " AS DOUBLE)", (rows, i, row) -> {}),
          new Read(
              "CAST(" + quoted + " AS VARCHAR)",
              (rows, i, row) -> number(rows, i - 1, row, column)));
    }
    if (type.equals("BOOLEAN")) {
      return List.of(new Read(quoted, (rows, i, row) -> truth(rows, i, row, column)));
    }
    if (type.equals("VARCHAR")) {
      return List.of(new Read(quoted, (rows, i, row) -> text(rows, i, row, column)));
    }
    return List.of(
        new Read(
            "CAST(to_json(" + quoted + ") AS VARCHAR)",
            (rows, i, row) -> json(rows.getString(i), row, place)));
  }

  /** The number and, behind it, how it is written: an id is its text. */
  private static void number(ResultSet rows, int index, int row, CellColumn column)
      throws SQLException {
    double number = rows.getDouble(index);
    if (rows.wasNull()) {
      column.nothing(row);
    } else {
      column.scalar(row, CellColumn.Kind.NUMBER, number, rows.getString(index + 1));
    }
  }

  private static void truth(ResultSet rows, int index, int row, CellColumn column)
      throws SQLException {
    boolean truth = rows.getBoolean(index);
    if (rows.wasNull()) {
      column.nothing(row);
    } else {
      column.scalar(row, CellColumn.Kind.TRUTH, truth ? 1 : 0, String.valueOf(truth));
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
        values.object(parser, row, place);
      } else {
        JsonValues.value(parser, row, place.column);
      }
    }
  }
}
