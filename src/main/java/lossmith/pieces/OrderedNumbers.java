package lossmith.pieces;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.pieces.Ordered;
import lossmith.ops.memory.Precision;
import lossmith.storage.Database;
import lossmith.storage.MemoryBudget;
import lossmith.storage.NumberStore;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The numbers of all pieces side by side, in a DuckDB table, which sorts what is larger than
 * memory: a row for each element of the batch with its place and the operands x0, x1, … of the
 * node.
 */
final class OrderedNumbers implements AutoCloseable {
  private final Ordered total;
  private final Precision precision;
  private final MemoryBudget budget;
  private final Connection connection;
  private final DuckDBAppender rows;
  private final Seq<Node> operands;

  OrderedNumbers(Ordered total, Precision precision, MemoryBudget budget) {
    this.total = total;
    this.precision = precision;
    this.budget = budget;
    this.operands = total.node().children();
    try {
      this.connection = Database.open(budget);
      StringBuilder columns = new StringBuilder("place BIGINT");
      for (int i = 0; i < operands.size(); i++) {
        columns.append(", x").append(i).append(" DOUBLE");
      }
      execute("CREATE TABLE numbers (" + columns + ")");
      this.rows = connection.unwrap(DuckDBConnection.class).createAppender("main", "numbers");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The level whose elements are put in order: that of the first operand. */
  Level.Name level() {
    return operands.head().level();
  }

  void add(long[] places, Map<String, double[]> found) {
    Seq<double[]> columns = total.asked().keySet().toVector().map(name -> found.get(name).get());
    try {
      for (int i = 0; i < places.length; i++) {
        rows.beginRow();
        rows.append(places[i]);
        for (double[] column : columns) {
          rows.append(column[column.length == 1 ? 0 : i] + 0.0);
        }
        rows.endRow();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The number of the batch. */
  double number() {
    return total.node() instanceof Node.Quantile quantile ? quantile(quantile) : ulp();
  }

  private double quantile(Node.Quantile node) {
    String counting = counting(node.where().isDefined(), 2);
    double members = first("SELECT count(*) FROM numbers" + counting);
    if (members == 0) {
      return 0;
    }
    double fraction = first("SELECT x1 FROM numbers LIMIT 1");
    double at = Math.max(0, Math.min(1, fraction)) * (members - 1);
    long below = (long) Math.floor(at);
    String sorted = "SELECT x0 FROM numbers" + counting + " ORDER BY x0 LIMIT 1 OFFSET ";
    double low = first(sorted + below);
    double high = below + 1 < members ? first(sorted + (below + 1)) : low;
    return low + (at - below) * (high - low);
  }

  /** The spacing of the numbers that the members were recorded in, at the largest. */
  private double ulp() {
    String counting = counting(operands.size() > 1, 1);
    double largest = first("SELECT coalesce(max(abs(x0)), 0) FROM numbers" + counting);
    boolean wide =
        first(
                    "SELECT count(*) FROM numbers"
                        + and(counting)
                        + "TRY_CAST(x0 AS FLOAT)::DOUBLE IS DISTINCT FROM x0")
                > 0
            || first("SELECT count(*) FROM numbers" + and(counting) + "floor(x0) <> x0") == 0;
    return largest * (wide && precision == Precision.FLOAT64 ? 0x1p-52 : 0x1p-23);
  }

  private static String counting(boolean where, int operand) {
    return where ? " WHERE x" + operand + " <> 0" : "";
  }

  private static String and(String counting) {
    return counting.isEmpty() ? " WHERE " : counting + " AND ";
  }

  /** A number for each element, in the order of their places. */
  NumberStore column() {
    NumberStore column = new NumberStore(budget);
    finish();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query(total.node()))) {
      while (found.next()) {
        column.add(found.getDouble(1));
      }
      return column;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static String query(Node node) {
    if (node instanceof Node.Rank rank) {
      String counts = rank.where().isDefined() ? "x1 <> 0" : "true";
      return "SELECT CASE WHEN "
          + counts
          + " THEN row_number() OVER (PARTITION BY "
          + counts
          + " ORDER BY x0 DESC, place) - 1 ELSE (SELECT count(*) FROM numbers WHERE "
          + counts
          + ") END FROM numbers ORDER BY place";
    }
    if (node instanceof Node.SumByKey sum) {
      return "SELECT sum(x0) OVER ("
          + (sum.cumulative() ? "ORDER BY x1 RANGE UNBOUNDED PRECEDING" : "PARTITION BY x1")
          + ") FROM numbers ORDER BY place";
    }
    if (node instanceof Node.Permute permute) {
      return permute.inverse()
          ? "SELECT own.x0 FROM (SELECT place, row_number() OVER (ORDER BY x1 DESC, place) AS spot"
              + " FROM numbers) AS sorted JOIN (SELECT x0, row_number() OVER (ORDER BY place) AS"
              + " spot FROM numbers) AS own USING (spot) ORDER BY sorted.place"
          : "SELECT x0 FROM numbers ORDER BY x1 DESC, place";
    }
    throw new IllegalStateException("nothing that needs an order: " + node);
  }

  private double first(String query) {
    finish();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      boolean one = found.next();
      return one ? found.getDouble(1) : 0;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Ends the adding of rows; a second call does nothing. */
  private void finish() {
    try {
      rows.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  private static RuntimeException failed(SQLException e) {
    return new UncheckedIOException(new IOException(e));
  }

  @Override
  public void close() {
    finish();
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
