package lossmith.lab.sink;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import lossmith.console.Output;
import lossmith.storage.Database;
import lossmith.storage.MemoryBudget;

/** The rows of {@link JsonLines} as Parquet: a column for each name, null where a step has none. */
public final class ParquetFile {
  private ParquetFile() {}

  /**
   * The rows of a run.
   *
   * @param marks columns that tell the run from others, by name
   * @param lines its rows, one or more
   */
  public record Part(Map<String, String> marks, Path lines) {}

  /**
   * Writes the file.
   *
   * @param parts the runs, one or more
   * @param file what is written
   */
  public static void write(Seq<Part> parts, Path file) throws IOException {
    write(parts.map(ParquetFile::rows).mkString(" UNION ALL BY NAME "), file);
  }

  /**
   * Writes lines of JSON as they are.
   *
   * @param lines the file with them
   * @param types of the columns, by name, in DuckDB's words
   * @param file what is written
   */
  public static void copy(Path lines, Map<String, String> types, Path file) throws IOException {
    write("SELECT * FROM " + read(lines, types), file);
  }

  /**
   * Writes lines of JSON with lists as a row for each element: {@code row} and {@code position}
   * count lines and elements from 0, the cells that are no lists are repeated.
   *
   * @param lines the file with them; the lists of a line are of one length
   * @param types of the columns, by name, in DuckDB's words
   * @param file what is written
   */
  public static void spread(Path lines, Map<String, String> types, Path file) throws IOException {
    Seq<String> names = types.keySet().toList();
    Seq<String> lists = names.filter(name -> types.get(name).exists(type -> type.endsWith("[]")));
    write(
        "SELECT "
            + names.removeAll(lists).map(ParquetFile::name).mkString(", ")
            + ", row, unnest(range(len("
            + name(lists.head())
            + "))) AS position, "
            + lists.map(list -> "unnest(" + name(list) + ") AS " + name(list)).mkString(", ")
            + " FROM (SELECT row_number() OVER () - 1 AS row, * FROM "
            + read(lines, types)
            + ")",
        file);
  }

  private static String name(String column) {
    return '"' + column + '"';
  }

  private static String read(Path lines, Map<String, String> types) {
    return "read_json("
        + quoted(lines.toAbsolutePath().toString())
        + ", format = 'newline_delimited', columns = {"
        + types.map(type -> quoted(type._1) + ": " + quoted(type._2)).mkString(", ")
        + "})";
  }

  private static void write(String rows, Path file) throws IOException {
    Output.write(
        file,
        temporary -> {
          try (Connection database = Database.open(new MemoryBudget(MemoryBudget.usual()));
              Statement statement = database.createStatement()) {
            boolean unused =
                statement.execute(
                    "COPY ("
                        + rows
                        + ") TO "
                        + quoted(temporary.toAbsolutePath().toString())
                        + " (FORMAT parquet)");
          } catch (SQLException e) {
            throw new IOException("metrics as Parquet: " + e.getMessage(), e);
          }
        });
  }

  private static String rows(Part part) {
    return "(SELECT "
        + part.marks().map(mark -> quoted(mark._2) + " AS \"" + mark._1 + "\", ").mkString()
        + "* FROM read_json("
        + quoted(part.lines().toAbsolutePath().toString())
        + ", format = 'newline_delimited', sample_size = -1, map_inference_threshold = -1)"
        + " ORDER BY step)";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
