package lossmith.lab.sink;

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
   * Writes the file.
   *
   * @param lines the rows, one or more
   * @param file what is written
   */
  public static void write(Path lines, Path file) throws IOException {
    Output.write(
        file,
        temporary -> {
          try (Connection database = Database.open(new MemoryBudget(MemoryBudget.usual()));
              Statement statement = database.createStatement()) {
            boolean unused =
                statement.execute(
                    "COPY (SELECT * FROM read_json("
                        + quoted(lines)
                        + ", format = 'newline_delimited', sample_size = -1,"
                        + " map_inference_threshold = -1) ORDER BY step) TO "
                        + quoted(temporary)
                        + " (FORMAT parquet)");
          } catch (SQLException e) {
            throw new IOException("metrics as Parquet: " + e.getMessage(), e);
          }
        });
  }

  private static String quoted(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }
}
