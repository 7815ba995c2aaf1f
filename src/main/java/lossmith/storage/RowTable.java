package lossmith.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import lossmith.dsl.ProblemException;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The table {@value #NAME} in DuckDB, in a place of its own, which is opened when the table is
 * first used. What does not work is an {@link UncheckedIOException}, or a problem where the budget
 * is too small.
 */
public final class RowTable implements AutoCloseable {
  private static final String NAME = "entries";

  private final String columns;
  private final MemoryBudget budget;
  private SharedDatabase.@Nullable Place place;

  /** Adds rows. */
  @FunctionalInterface
  public interface Rows {
    /** Adds rows, each between {@code beginRow} and {@code endRow}. */
    void to(DuckDBAppender rows) throws SQLException;
  }

  /**
   * A table without rows.
   *
   * @param columns their names and types, as in SQL
   * @param budget what of it may be in memory
   */
  public RowTable(String columns, MemoryBudget budget) {
    this.columns = columns;
    this.budget = budget;
  }

  /** Adds rows at the end. */
  public void add(Rows rows) {
    try {
      DuckDBConnection connection = open();
      String schema = Objects.requireNonNull(place).schema();
      try (DuckDBAppender to = connection.createAppender(schema, NAME)) {
        rows.to(to);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** {@return the first number that a query finds; 0 if it finds none} */
  public double number(String query) {
    try (Statement statement = open().createStatement();
        ResultSet found = statement.executeQuery(query)) {
      return found.next() ? found.getDouble(1) : 0;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Gives the first column of all that a query finds. */
  public void numbers(String query, DoubleConsumer each) {
    try (Statement statement = open().createStatement();
        ResultSet found = statement.executeQuery(query)) {
      while (found.next()) {
        each.accept(found.getDouble(1));
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Writes what a query finds to a Parquet file. */
  public void write(String query, Path file) throws IOException {
    String to = file.toString().replace("'", "''");
    try {
      SharedDatabase.execute(
          open(), "COPY (" + query + ") TO '" + to + "' (FORMAT parquet, USE_TMP_FILE false)");
    } catch (SQLException e) {
      for (ProblemException small : budget.exceeded(e)) {
        throw small;
      }
      throw new IOException(e);
    }
  }

  private DuckDBConnection open() throws SQLException {
    SharedDatabase.Place known = place;
    if (known == null) {
      known = budget.database().open(budget);
      place = known;
      SharedDatabase.execute(known.connection(), "CREATE TABLE " + NAME + " (" + columns + ")");
    }
    return known.connection();
  }

  private RuntimeException failed(SQLException e) {
    return budget
        .exceeded(e)
        .<RuntimeException>map(small -> small)
        .getOrElse(() -> new UncheckedIOException(new IOException(e)));
  }

  @Override
  public void close() {
    try {
      if (place != null) {
        budget.database().close(place);
        place = null;
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
