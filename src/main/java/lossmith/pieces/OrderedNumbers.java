package lossmith.pieces;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.stream.DoubleStream;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.pieces.Ordered;
import lossmith.ops.memory.Precision;
import lossmith.storage.MemoryBudget;
import lossmith.storage.NumberStore;
import lossmith.storage.RowTable;

/**
 * The numbers of all pieces side by side, in a DuckDB table, which sorts what is larger than
 * memory: a row for each element of the batch with its place and the operands x0, x1, … of the
 * node.
 */
final class OrderedNumbers implements AutoCloseable {
  private final Ordered total;
  private final Precision precision;
  private final MemoryBudget budget;
  private final Seq<Node> operands;
  private final RowTable table;

  OrderedNumbers(Ordered total, Precision precision, MemoryBudget budget) {
    this.total = total;
    this.precision = precision;
    this.budget = budget;
    this.operands = total.node().children();
    this.table =
        new RowTable(
            operands
                .zipWithIndex()
                .map(operand -> "x" + operand._2 + " DOUBLE")
                .prepend("place BIGINT")
                .mkString(", "),
            budget);
  }

  /** The level whose elements are put in order: that of the first operand. */
  Level.Name level() {
    return operands.head().level();
  }

  void add(long[] places, Map<String, double[]> found) {
    Seq<double[]> columns = total.asked().keySet().toVector().map(name -> found.get(name).get());
    table.add(
        rows -> {
          for (int i = 0; i < places.length; i++) {
            rows.beginRow();
            rows.append(places[i]);
            for (double[] column : columns) {
              rows.append(column[column.length == 1 ? 0 : i] + 0.0);
            }
            rows.endRow();
          }
        });
  }

  /** The number of the batch. */
  double number() {
    return total.node() instanceof Node.Quantile quantile ? quantile(quantile) : ulp();
  }

  private double quantile(Node.Quantile node) {
    String counting = counting(node.where().isDefined(), 2);
    double members = table.number("SELECT count(*) FROM entries" + counting);
    if (members == 0) {
      return 0;
    }
    double fraction = table.number("SELECT x1 FROM entries LIMIT 1");
    double at = Math.max(0, Math.min(1, fraction)) * (members - 1);
    long below = (long) Math.floor(at);
    DoubleStream.Builder around = DoubleStream.builder();
    table.numbers(
        "SELECT x0 FROM "
            + numbered("SELECT x0 FROM entries" + counting + " ORDER BY x0", "x0")
            + " WHERE spot BETWEEN "
            + below
            + " AND "
            + (below + 1)
            + " ORDER BY spot",
        around::add);
    double[] found = around.build().toArray();
    return found[0] + (at - below) * (found[found.length - 1] - found[0]);
  }

  /** The spacing of the numbers that the members were recorded in, at the largest. */
  private double ulp() {
    String counting = counting(operands.size() > 1, 1);
    double largest = table.number("SELECT coalesce(max(abs(x0)), 0) FROM entries" + counting);
    boolean wide =
        table.number(
                    "SELECT count(*) FROM entries"
                        + and(counting)
                        + "TRY_CAST(x0 AS FLOAT)::DOUBLE IS DISTINCT FROM x0")
                > 0
            || table.number("SELECT count(*) FROM entries" + and(counting) + "floor(x0) <> x0")
                == 0;
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
    table.numbers(query(total.node()), column::add);
    return column;
  }

  /**
   * Rows in an order with {@code spot}, the place of each in it, from 0. A sort spills and
   * numbering what is sorted needs no memory; a window with an order of its own holds all rows.
   */
  private static String numbered(String sorted, String columns) {
    return "(SELECT " + columns + ", row_number() OVER () - 1 AS spot FROM (" + sorted + "))";
  }

  private static String query(Node node) {
    if (node instanceof Node.Rank rank) {
      String counts = rank.where().isDefined() ? "x1 <> 0" : "true";
      return "SELECT spot FROM ("
          + numbered(
              "SELECT place FROM entries WHERE " + counts + " ORDER BY x0 DESC, place", "place")
          + " UNION ALL SELECT place, (SELECT count(*) FROM entries WHERE "
          + counts
          + ") FROM entries WHERE NOT ("
          + counts
          + ")) ORDER BY place";
    }
    if (node instanceof Node.SumByKey sum) {
      String keys = "SELECT x1, sum(x0) AS s FROM entries GROUP BY x1";
      String sums =
          sum.cumulative()
              ? "SELECT x1, sum(s) OVER (ROWS UNBOUNDED PRECEDING) AS s FROM ("
                  + keys
                  + " ORDER BY x1)"
              : keys;
      return "SELECT s FROM entries JOIN (" + sums + ") USING (x1) ORDER BY place";
    }
    if (node instanceof Node.Permute permute) {
      String sorted = "SELECT place, x0 FROM entries ORDER BY x1 DESC, place";
      return permute.inverse()
          ? "SELECT own.x0 FROM "
              + numbered(sorted, "place")
              + " AS sorted JOIN "
              + numbered("SELECT x0 FROM entries ORDER BY place", "x0")
              + " AS own USING (spot) ORDER BY sorted.place"
          : "SELECT x0 FROM (" + sorted + ")";
    }
    throw new IllegalStateException("nothing that needs an order: " + node);
  }

  @Override
  public void close() {
    table.close();
  }
}
