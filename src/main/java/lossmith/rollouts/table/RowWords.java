package lossmith.rollouts.table;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the scalars of rows were written: nothing for most columns, the same few words for others.
 */
final class RowWords {
  /** So many different words are looked for, to be kept once. */
  private static final int MOST = 4096;

  private final Map<String, String> known = new HashMap<>();
  private @Nullable String[] words = {};
  private String last = "";

  /** {@return what was written in a row; empty if nothing was} */
  String get(int row) {
    String word = row < words.length ? words[row] : null;
    return word == null ? "" : word;
  }

  /** Keeps what was written in a row. */
  void put(int row, String word) {
    if (word.isEmpty()) {
      return;
    }
    if (row >= words.length) {
      words = Arrays.copyOf(words, Math.max(64, 2 * row));
    }
    if (!word.equals(last)) {
      last =
          known.size() < MOST
              ? known.computeIfAbsent(word, one -> one)
              : known.getOrDefault(word, word);
    }
    words[row] = last;
  }
}
