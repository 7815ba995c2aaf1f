package lossmith.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One DuckDB for all tables that are kept of a run, so that what it may have in memory is for all
 * of them together. It is there as long as one of them is.
 */
final class SharedDatabase {
  @GuardedBy("this")
  private @Nullable Connection first;

  @GuardedBy("this")
  private int users;

  @GuardedBy("this")
  private int named;

  /**
   * A place of its own in the database: a table there has no other user.
   *
   * @param connection how it is reached
   * @param schema what it is called
   */
  record Place(DuckDBConnection connection, String schema) {}

  /** {@return a new place} */
  synchronized Place open(MemoryBudget budget) throws SQLException {
    Connection root = first == null ? Database.open(budget) : first;
    first = root;
    users++;
    DuckDBConnection connection = root.unwrap(DuckDBConnection.class).duplicate();
    String schema = "place" + named++;
    execute(connection, "CREATE SCHEMA " + schema);
    execute(connection, "SET schema = '" + schema + "'");
    return new Place(connection, schema);
  }

  /** Gives a place back with all that is in it; the last one ends the database. */
  synchronized void close(Place place) throws SQLException {
    execute(place.connection(), "SET schema = 'main'");
    execute(place.connection(), "DROP SCHEMA " + place.schema() + " CASCADE");
    place.connection().close();
    if (--users == 0 && first != null) {
      first.close();
      first = null;
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }
}
