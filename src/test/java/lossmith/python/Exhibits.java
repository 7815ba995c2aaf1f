package lossmith.python;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import lossmith.blackbox.RecipeBox;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.proofs.museum.Caught;
import lossmith.proofs.museum.Exhibit;
import lossmith.proofs.museum.Museum;

/**
 * The mistakes of the museum as functions in Python: what is to be said of each, by the laws or by
 * {@code identify}, and why each other one is left out, as {@code python/mistakes.txt} lists them.
 */
final class Exhibits {
  /** What a batch of tensors has for a loss that makes its own advantages. */
  private static final Set<String> COLUMNS =
      HashSet.of(
              Columns.REWARD,
              Columns.ENTROPY,
              Columns.VALUE,
              TensorBatch.OLD_VALUE,
              TensorBatch.RETURN,
              Columns.TOKEN_REWARD,
              Columns.FINISHED,
              "selected",
              TensorBatch.BATCH_TOKENS)
          .addAll(TensorBatch.MASKS)
          .addAll(Columns.LOG_PROBS);

  private Exhibits() {}

  /**
   * The lists.
   *
   * @param words by exhibit what is to be said of it, all of it
   * @param leftOut by exhibit why it is not drawn
   * @param accused by exhibit why its mended form is no right loss by itself
   */
  record Lists(
      Map<String, Seq<String>> words, Map<String, String> leftOut, Map<String, String> accused) {}

  static Lists lists() throws IOException {
    try (InputStream in = Exhibits.class.getResourceAsStream("/python/mistakes.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      Seq<String> lines =
          List.of(text.split("\n", -1)).reject(line -> line.isBlank() || line.startsWith("#"));
      return new Lists(
          named(lines.reject(line -> line.matches("[-*] .*")))
              .mapValues(words -> List.of(words.split("; ", -1))),
          named(starting(lines, "- ")),
          named(starting(lines, "* ")));
    }
  }

  private static Seq<String> starting(Seq<String> lines, String mark) {
    return lines.filter(line -> line.startsWith(mark)).map(line -> line.substring(mark.length()));
  }

  private static Map<String, String> named(Seq<String> lines) {
    return lines.foldLeft(
        LinkedHashMap.empty(),
        (all, line) -> {
          int end = line.indexOf(": ");
          return all.put(line.substring(0, end), line.substring(end + 2));
        });
  }

  /** All that a law stops: those that the types stop are no programs. */
  static Seq<Exhibit> all() {
    return Museum.all().filter(exhibit -> exhibit.caught() instanceof Caught.ByLaw);
  }

  static Loss wrong(Exhibit exhibit) {
    return ((Caught.ByLaw) exhibit.caught()).wrong();
  }

  static Loss mended(Exhibit exhibit) {
    return ((Caught.ByLaw) exhibit.caught()).mended();
  }

  /** A loss of what a batch has, which may be given advantages of tokens besides. */
  static Option<RecipeBox> box(String name, Loss loss) {
    return RecipeBox.of(name, loss, COLUMNS)
        .orElse(() -> RecipeBox.of(name, loss, COLUMNS.add(TensorBatch.ADVANTAGE)))
        .filter(RecipeBox::trains);
  }

  /** So many of some, the same for the same seed. */
  static <T> Seq<T> drawn(Seq<T> all, int count, long seed) {
    return List.ofAll(
            new Random(seed)
                .ints(0, all.size())
                .distinct()
                .limit(Math.min(count, all.size()))
                .boxed()
                .toList())
        .map(all::get);
  }
}
