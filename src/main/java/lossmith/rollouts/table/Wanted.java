package lossmith.rollouts.table;

import io.vavr.collection.Seq;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The columns of a file that is being read: those that are asked for are collected. */
final class Wanted {
  private final Predicate<String> asked;
  private final Map<String, Place> places = new LinkedHashMap<>();

  /** Where the values of one name go. */
  static final class Place {
    final String name;
    final boolean asked;
    final CellColumn column;

    Place(String name, boolean asked) {
      this.name = name;
      this.asked = asked;
      this.column = new CellColumn(name);
    }
  }

  /** A reading in which the names that fit are asked for; a field of an object is {@code a.b}. */
  Wanted(Predicate<String> asked) {
    this.asked = asked;
  }

  Place place(String name) {
    return places.computeIfAbsent(name, key -> new Place(key, asked.test(key)));
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
