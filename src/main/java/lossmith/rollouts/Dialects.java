package lossmith.rollouts;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What systems call the columns of rollouts, as the resource {@code dialects.txt} lists it. */
final class Dialects {
  private static final String ANYWHERE = "anywhere";

  /** A system writes a name for one of the names here, or for none, {@code -}. */
  private record Entry(String system, String theirs, String here) {}

  private static final Seq<Entry> ALL = read();

  private Dialects() {}

  private static Seq<Entry> read() {
    try (InputStream in = Dialects.class.getResourceAsStream("dialects.txt")) {
      byte[] bytes = Objects.requireNonNull(in, "no dialects.txt").readAllBytes();
      return List.ofAll(new String(bytes, StandardCharsets.UTF_8).lines())
          .reject(line -> line.isBlank() || line.startsWith("#"))
          .flatMap(Dialects::entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Seq<Entry> entries(String line) {
    int colon = line.indexOf(':');
    String system = line.substring(0, colon).strip();
    return List.of(line.substring(colon + 1).split(",", -1))
        .map(pair -> pair.split("=", -1))
        .map(pair -> new Entry(system, pair[0].strip(), pair[1].strip()));
  }

  /** {@return what a name means wherever it is written, by the name, in the order of preference} */
  static Seq<Tuple2<String, String>> anywhere() {
    return ALL.filter(entry -> entry.system().equals(ANYWHERE))
        .map(entry -> Tuple.of(entry.theirs(), entry.here()));
  }

  private static Seq<Entry> systems() {
    return ALL.reject(entry -> entry.system().equals(ANYWHERE));
  }

  /** {@return the system whose columns these are: the only one with a name that no other writes} */
  static Option<String> of(Seq<String> columns) {
    Map<String, String> anywhere = anywhere().toMap(name -> name);
    Seq<String> marked =
        systems()
            .filter(entry -> anywhere.get(entry.theirs()).getOrElse("-").equals(entry.here()))
            .groupBy(Entry::theirs)
            .values()
            .filter(same -> same.size() == 1 && columns.contains(same.head().theirs()))
            .map(same -> same.head().system())
            .toList()
            .distinct();
    return Option.when(marked.size() == 1, marked::head);
  }

  /**
   * {@return the systems that write all of these names for what they are read as}
   *
   * @param read the name here, by theirs
   */
  static Seq<String> writing(Map<String, String> read) {
    return systems()
        .groupBy(Entry::system)
        .filter(
            (system, entries) ->
                read.forAll(
                    one ->
                        entries.exists(
                            entry -> entry.theirs().equals(one._1) && entry.here().equals(one._2))))
        .keySet()
        .toList()
        .sorted();
  }

  /**
   * {@return what a system means by a name, if it writes it; {@code -} for nothing that is read}
   */
  static Option<String> meaning(String system, String theirs) {
    return systems()
        .find(entry -> entry.system().equals(system) && entry.theirs().equals(theirs))
        .map(Entry::here);
  }
}
