package lossmith.pieces;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
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
    String sorted = "SELECT x0 FROM entries" + counting + " ORDER BY x0 LIMIT 1 OFFSET ";
    double low = table.number(sorted + below);
    double high = below + 1 < members ? table.number(sorted + (below + 1)) : low;
    return low + (at - below) * (high - low);
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

  private static String query(Node node) {
    if (node instanceof Node.Rank rank) {
      String counts = rank.where().isDefined() ? "x1 <> 0" : "true";
      return "SELECT CASE WHEN "
          + counts
          + " THEN row_number() OVER (PARTITION BY "
          + counts
          + " ORDER BY x0 DESC, place) - 1 ELSE (SELECT count(*) FROM entries WHERE "
          + counts
          + ") END FROM entries ORDER BY place";
    }
    if (node instanceof Node.SumByKey sum) {
      return "SELECT sum(x0) OVER ("
          + (sum.cumulative() ? "ORDER BY x1 RANGE UNBOUNDED PRECEDING" : "PARTITION BY x1")
          + ") FROM entries ORDER BY place";
    }
    if (node instanceof Node.Permute permute) {
      return permute.inverse()
          ? "SELECT own.x0 FROM (SELECT place, row_number() OVER (ORDER BY x1 DESC, place) AS spot"
              + " FROM entries) AS sorted JOIN (SELECT x0, row_number() OVER (ORDER BY place) AS"
              + " spot FROM entries) AS own USING (spot) ORDER BY sorted.place"
          : "SELECT x0 FROM entries ORDER BY x1 DESC, place";
    }
    throw new IllegalStateException("nothing that needs an order: " + node);
  }

  @Override
  public void close() {
    table.close();
  }
}
