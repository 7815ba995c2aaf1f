package lossmith.rollouts.table;

import io.vavr.collection.Seq;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import lossmith.storage.MemoryBudget;

/** The columns of a file that is being read: those that are asked for are collected. */
final class Wanted {
  private final Predicate<String> asked;
  private final MemoryBudget budget;
  private final Map<String, Place> places = new LinkedHashMap<>();

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
  Wanted(Predicate<String> asked, MemoryBudget budget) {
    this.asked = asked;
    this.budget = budget;
  }

  Place place(String name) {
    return places.computeIfAbsent(name, key -> new Place(key, asked.test(key), budget));
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
    all.forEach(place -> place.column.from(sources));
    return new Table(
        rows,
        all.filter(place -> place.asked).map(place -> place.column),
        all.reject(place -> place.asked).map(place -> place.name));
  }
}
