package lossmith.proofs.repair;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What to write instead where a law is broken, said of the mistake by which it is mostly broken;
 * {@code remedies.txt} has a line for each law that a person's mistake breaks.
 */
public final class Remedies {
  private static final String BETWEEN = ": ";
  private static final Map<String, String> ALL = read();

  private Remedies() {}

  /**
   * {@return what mostly mends a law, as an instruction}
   *
   * @param law its name
   */
  public static Option<String> of(String law) {
    return ALL.get(law);
  }

  /** {@return all of them by law} */
  static Map<String, String> all() {
    return ALL;
  }

  private static Map<String, String> read() {
    try (InputStream in =
        Objects.requireNonNull(Remedies.class.getResourceAsStream("remedies.txt"))) {
      return HashMap.ofEntries(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(
                  line -> {
                    int at = line.indexOf(BETWEEN);
                    return Tuple.of(line.substring(0, at), line.substring(at + BETWEEN.length()));
                  })
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
