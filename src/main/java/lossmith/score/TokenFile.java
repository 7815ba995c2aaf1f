package lossmith.score;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import lossmith.database.Database;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A Parquet file with a row per recipe and token, written through DuckDB. What a recipe does not
 * have is null in all of its rows.
 */
public final class TokenFile implements AutoCloseable {
  private final Connection connection;
  private final Samples samples;
  private final int[] slots;
  private Seq<Map<String, String>> notes = Vector.empty();

  private TokenFile(Connection connection, Samples samples, int[] slots) {
    this.connection = connection;
    this.samples = samples;
    this.slots = slots;
  }

  /**
   * {@return a file without rows, kept in memory until it is written}
   *
   * @param samples the rollouts
   * @param slots for each token, its place in the lists of its row, from 0
   */
  public static TokenFile of(Samples samples, int[] slots) throws IOException {
    try {
      TokenFile file = new TokenFile(Database.open(), samples, slots);
      file.execute(
          "CREATE TABLE tokens (recipe VARCHAR, sequence BIGINT, prompt INTEGER, position INTEGER,"
              + " ratio DOUBLE, advantage DOUBLE, weight DOUBLE, bounds VARCHAR, entropy DOUBLE,"
              + " entropy_change_natural DOUBLE, entropy_change_logits DOUBLE)");
      return file;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** Adds the rows of one recipe. */
  public void append(Scored scored) {
    notes = notes.append(scored.tokens().notes());
    long[] ids = samples.sequenceIds();
    TokenScores tokens = scored.tokens();
    try (DuckDBAppender rows =
        connection.unwrap(DuckDBConnection.class).createAppender("main", "tokens")) {
      for (int t = 0; t < slots.length; t++) {
        rows.beginRow();
        rows.append(scored.score().recipe());
        rows.append(ids[samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)]);
        rows.append(samples.parent(Level.Name.TOKEN, t, Level.Name.GROUP));
        rows.append(slots[t]);
        number(rows, tokens.ratio(), t);
        number(rows, tokens.advantage(), t);
        number(rows, tokens.weight(), t);
        bounds(rows, tokens, t);
        number(rows, tokens.entropy(), t);
        number(rows, tokens.natural(), t);
        number(rows, tokens.onLogits(), t);
        rows.endRow();
      }
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** Writes all rows. */
  public void write(Path file) throws IOException {
    try {
      String to = file.toString().replace("'", "''");
      execute("COPY tokens TO '" + to + "' (FORMAT parquet, USE_TMP_FILE false)");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** {@return what each recipe has to say of its columns, in the order they were added} */
  public Seq<Map<String, String>> notes() {
    return notes;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  private static void bounds(DuckDBAppender rows, TokenScores tokens, int t) throws SQLException {
    if (tokens.below().isEmpty() && tokens.above().isEmpty()) {
      rows.appendNull();
      return;
    }
    boolean below = tokens.below().exists(x -> x[t] != 0);
    boolean above = tokens.above().exists(x -> x[t] != 0);
    rows.append(below && above ? "both" : below ? "below" : above ? "above" : "inside");
  }

  private static void number(DuckDBAppender rows, Option<double[]> values, int t)
      throws SQLException {
    if (values.isDefined()) {
      rows.append(values.get()[t]);
    } else {
      rows.appendNull();
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
