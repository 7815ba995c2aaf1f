package lossmith.lab.task;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.stream.Collectors;
import lossmith.dsl.Problem;

/**
 * The vocabulary of a task: the text of each symbol, by its id. The first ends a response, and
 * stands in slots that nobody reads.
 *
 * @param texts the symbols, each once, none of them empty
 */
public record Alphabet(Seq<String> texts) {
  /** The id of the symbol that ends a response. */
  public static final int END = 0;

  /** Checks that every symbol can be told from the others. */
  public Alphabet {
    if (texts.size() < 2
        || texts.distinct().size() < texts.size()
        || texts.exists(text -> text == null || text.isEmpty())) {
      throw Problem.of(
              "symbols",
              texts.mkString("\"", "\", \"", "\""),
              "two symbols or more, each once and none of them empty, the first of which ends a"
                  + " response",
              "one text per symbol")
          .exception();
    }
  }

  /**
   * {@return the symbols {@code <end>}, the letters of a text, and words}
   *
   * @param letters each letter is a symbol
   * @param words each word is one
   */
  public static Alphabet of(String letters, String... words) {
    return new Alphabet(
        Vector.of("<end>")
            .appendAll(Vector.ofAll(letters.toCharArray()).map(String::valueOf))
            .appendAll(Arrays.asList(words)));
  }

  /** {@return how many there are} */
  public int size() {
    return texts.size();
  }

  /**
   * {@return the ids of a text, the longest symbol taken where several fit}
   *
   * @param text symbols one after another; anything else is a {@link Problem}
   */
  public int[] encode(String text) {
    int[] ids = new int[text.length()];
    int count = 0;
    for (int at = 0; at < text.length(); count++) {
      int best = longest(text, at);
      if (best < 0) {
        throw Problem.of(
                "symbols",
                "\"" + text.substring(at) + "\" in \"" + text + "\"",
                "the symbols " + texts.mkString("\"", "\", \"", "\""),
                "symbols of the task alone")
            .exception();
      }
      ids[count] = best;
      at += texts.get(best).length();
    }
    return Arrays.copyOf(ids, count);
  }

  private int longest(String text, int at) {
    int best = -1;
    for (int id = 0; id < texts.size(); id++) {
      if (text.startsWith(texts.get(id), at)
          && (best < 0 || texts.get(id).length() > texts.get(best).length())) {
        best = id;
      }
    }
    return best;
  }

  /** {@return the text of ids} */
  public String decode(int[] ids) {
    return Arrays.stream(ids).mapToObj(texts::get).collect(Collectors.joining());
  }
}
