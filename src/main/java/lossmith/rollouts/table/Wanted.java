package lossmith.rollouts.table;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import lossmith.pieces.Watch;
import lossmith.storage.MemoryBudget;

/**
 * The columns of a file that is being read: those that are asked for are collected. Several threads
 * may each read a column of their own.
 */
final class Wanted {
  private static final int TOLD = 256;

  /** The bytes that are kept of each row beside its numbers: where it is, and in which group. */
  private static final long ROW = 60;

  private final Predicate<String> asked;
  private final MemoryBudget budget;
  private final Watch watch;
  private long rows;
  private long steps;
  private long allSteps;
  private final Map<String, Place> places = new LinkedHashMap<>();

  /** A column of each kind of places: of which row is which entry. */
  private final java.util.List<CellColumn> different = new ArrayList<>();

  /** Where the values of one name go. */
  static final class Place {
    final String name;
    final boolean asked;
    final CellColumn column;

    Place(String name, boolean asked, MemoryBudget budget) {
      this.name = name;
      this.asked = asked;
      this.column = new CellColumn(name, budget);
    }
  }

  /** A reading in which the names that fit are asked for; a field of an object is {@code a.b}. */
  Wanted(Predicate<String> asked, MemoryBudget budget, Watch watch) {
    this.asked = asked;
    this.budget = budget;
    this.watch = watch;
  }

  Place place(String name) {
    return places.computeIfAbsent(name, key -> new Place(key, asked.test(key), budget));
  }

  /** The rows have such a name, whether one is met or not. */
  void knows(String name) {
    Place unused = place(name);
  }

  /** A row was read, with all of its columns or, of a file that is read by columns, the first. */
  void sawRow() {
    if (++rows % TOLD == 0) {
      budget.reserve(TOLD * ROW);
    }
    step();
  }

  /** A row of one more column was read, of a file that is read by columns. */
  void sawNumbers() {
    step();
  }

  private synchronized void step() {
    if (++steps % TOLD == 0) {
      watch.read(steps, allSteps);
    }
  }

  /** So many rows are still to be read. */
  synchronized void expect(long rows) {
    allSteps = steps + rows;
  }

  /** A column was read to its end. */
  synchronized void sawEnd(CellColumn column) {
    if (different.stream().noneMatch(column::sharesPlaces)) {
      different.add(column);
    }
  }

  /** What of the numbers may be in memory. */
  MemoryBudget budget() {
    return budget;
  }

  boolean asked(String name) {
    return asked.test(name);
  }

  Table table(int rows, RowOrigins sources) {
    Seq<Place> all = io.vavr.collection.List.ofAll(places.values());
    all.map(place -> place.column).forEach(this::sawEnd);
    all.forEach(place -> place.column.from(sources));
    return new Table(
        rows,
        all.filter(place -> place.asked).map(place -> place.column),
        all.reject(place -> place.asked).map(place -> place.name),
        Option.none());
  }
}
