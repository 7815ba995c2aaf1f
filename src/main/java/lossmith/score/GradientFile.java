package lossmith.score;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;
import lossmith.storage.Database;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A Parquet file with a row for each row of the rollouts, in their order: its number from 0, and
 * for every recipe the list of dL/dlog π of its tokens, as long as the lists of the rollouts, null
 * at tokens that are not the policy's. Where a gradient is not one of log π alone, the whole list
 * is null. Written through DuckDB.
 */
public final class GradientFile implements TokenSink, AutoCloseable {
  private final Connection connection;
  private final Rollouts rollouts;
  private Seq<String> recipes = Vector.empty();
  private Seq<String> without = Vector.empty();

  private GradientFile(Connection connection, Rollouts rollouts) {
    this.connection = connection;
    this.rollouts = rollouts;
  }

  /**
   * {@return a file without rows}
   *
   * @param rollouts what the tokens are of
   */
  public static GradientFile of(Rollouts rollouts) throws IOException {
    try {
      GradientFile file = new GradientFile(Database.open(rollouts.budget()), rollouts);
      file.execute("CREATE TABLE gradients (recipe INTEGER, sequence BIGINT, gradient DOUBLE[])");
      return file;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void take(int index, Samples piece, String recipe, TokenScores tokens) {
    if (!recipes.contains(recipe)) {
      recipes = recipes.append(recipe);
      without = tokens.weight().isEmpty() ? without.append(recipe) : without;
    }
    int[] slots = rollouts.slots(index);
    int[] entries = rollouts.entries(index);
    int[] lengths = piece.lengths();
    long[] ids = piece.sequenceIds();
    try (DuckDBAppender rows =
        connection.unwrap(DuckDBConnection.class).createAppender("main", "gradients")) {
      int token = 0;
      for (int s = 0; s < ids.length; s++) {
        rows.beginRow();
        rows.append(recipes.indexOf(recipe));
        rows.append(ids[s]);
        if (tokens.weight().isEmpty()) {
          rows.appendNull();
        } else {
          List<Double> list = Arrays.asList(new Double[entries[s]]);
          for (int t = token; t < token + lengths[s]; t++) {
            Double unused = list.set(slots[t], tokens.weight().get()[t]);
          }
          rows.append(Collections.unmodifiableCollection(list));
        }
        token += lengths[s];
        rows.endRow();
      }
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** Writes all rows. */
  public void write(Path file) throws IOException {
    String columns =
        recipes
            .zipWithIndex()
            .map(
                one ->
                    ", any_value(gradient) FILTER (WHERE recipe = "
                        + one._2
                        + ") AS \""
                        + one._1.replace("\"", "\"\"")
                        + '"')
            .mkString();
    String to = file.toString().replace("'", "''");
    try {
      execute(
          "COPY (SELECT sequence"
              + columns
              + " FROM gradients GROUP BY sequence ORDER BY sequence) TO '"
              + to
              + "' (FORMAT parquet, USE_TMP_FILE false)");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** {@return the recipes whose gradient is not one of log π of the sampled token alone} */
  public Seq<String> without() {
    return without;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
