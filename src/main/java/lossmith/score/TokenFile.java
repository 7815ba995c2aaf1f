package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;
import lossmith.storage.Database;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A Parquet file with a row per recipe and token, written through DuckDB. What a recipe does not
 * have is null in all of its rows.
 */
public final class TokenFile implements TokenSink, AutoCloseable {
  private final Connection connection;
  private final Rollouts rollouts;
  private Map<String, Map<String, String>> notes = LinkedHashMap.empty();

  private TokenFile(Connection connection, Rollouts rollouts) {
    this.connection = connection;
    this.rollouts = rollouts;
  }

  /**
   * {@return a file without rows}
   *
   * @param rollouts what the tokens are of
   */
  public static TokenFile of(Rollouts rollouts) throws IOException {
    try {
      TokenFile file = new TokenFile(Database.open(rollouts.budget()), rollouts);
      file.execute(
          "CREATE TABLE tokens (recipe VARCHAR, sequence BIGINT, prompt INTEGER, position INTEGER,"
              + " ratio DOUBLE, advantage DOUBLE, weight DOUBLE, bounds VARCHAR, entropy DOUBLE,"
              + " entropy_change_natural DOUBLE, entropy_change_logits DOUBLE)");
      return file;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void take(int index, Samples piece, String recipe, TokenScores tokens) {
    notes = notes.put(recipe, tokens.notes());
    long[] ids = piece.sequenceIds();
    int[] slots = rollouts.slots(index);
    long[] prompts = rollouts.pieces().places(index, Level.Name.GROUP);
    try (DuckDBAppender rows =
        connection.unwrap(DuckDBConnection.class).createAppender("main", "tokens")) {
      for (int t = 0; t < slots.length; t++) {
        rows.beginRow();
        rows.append(recipe);
        rows.append(ids[piece.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)]);
        rows.append((int) prompts[piece.parent(Level.Name.TOKEN, t, Level.Name.GROUP)]);
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
    return notes.values().toVector();
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
