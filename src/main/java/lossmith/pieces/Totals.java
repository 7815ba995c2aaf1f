package lossmith.pieces;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.HashMap;
import java.util.Objects;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.pieces.BatchSplit;
import lossmith.dsl.pieces.Gathered;
import lossmith.dsl.pieces.Ordered;
import lossmith.ops.memory.Precision;
import lossmith.storage.MemoryBudget;

/** Collects what the whole batch determines, pass after pass. */
final class Totals implements AutoCloseable {
  /** A float32 counts exactly up to here. */
  private static final long COUNTED = 1L << 24;

  private final Pieces pieces;
  private final Precision precision;
  private final MemoryBudget budget;
  private final java.util.Map<Ordered, OrderedNumbers> open = new HashMap<>();
  private Map<String, Double> numbers = LinkedHashMap.empty();
  private Map<String, BatchKnown.Column> columns = LinkedHashMap.empty();

  Totals(Pieces pieces, BatchSplit split, Precision precision, MemoryBudget budget) {
    this.pieces = pieces;
    this.precision = precision;
    this.budget = budget;
    for (Tuple2<String, Node.Count> size : split.sizes()) {
      numbers = numbers.put(size._1, count(size._2));
    }
  }

  private double count(Node.Count node) {
    return node.from() == Level.Name.VOCABULARY
        ? (double) pieces.size(Level.Name.TOKEN) * pieces.piece(0).vocabulary()
        : pieces.size(node.from());
  }

  void found(Gathered total, double number) {
    numbers = numbers.put(total.name(), number);
  }

  /** Keeps what a piece gave for a total that needs all numbers side by side. */
  void keep(Ordered total, int piece, Map<String, double[]> found) {
    OrderedNumbers numbersOf =
        open.computeIfAbsent(total, all -> new OrderedNumbers(all, precision, budget));
    numbersOf.add(pieces.places(piece, numbersOf.level()), found);
  }

  /** All pieces gave theirs. */
  void order(Ordered total) {
    long members = pieces.size(total.node().children().head().level());
    if (total.node() instanceof Node.Rank && precision != Precision.FLOAT64 && members > COUNTED) {
      throw Problem.of(
              "precision",
              "ranks among " + members + " tokens",
              "at most " + COUNTED + " tokens in float32",
              "Precision.FLOAT64")
          .exception();
    }
    try (OrderedNumbers all = Objects.requireNonNull(open.remove(total))) {
      if (total.node().level() == Level.Name.BATCH) {
        numbers = numbers.put(total.name(), all.number());
      } else {
        columns =
            columns.put(total.name(), new BatchKnown.Column(total.node().level(), all.column()));
      }
    }
  }

  /** Closes what was kept of totals that will not be found any more. */
  @Override
  public void close() {
    open.values().forEach(OrderedNumbers::close);
    open.clear();
  }

  /** All that is known so far. */
  BatchKnown known() {
    return new BatchKnown(numbers, columns);
  }
}
