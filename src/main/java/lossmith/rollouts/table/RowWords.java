package lossmith.rollouts.table;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lossmith.storage.MemoryBudget;
import org.jspecify.annotations.Nullable;

/**
 * How the scalars of rows were written: nothing for most columns, the same few words for others.
 */
final class RowWords {
  /** So many different words are looked for, to be kept once. */
  private static final int MOST = 4096;

  /** The bytes of a word of Java beside its letters. */
  private static final int WORD = 56;

  private final MemoryBudget budget;
  private final Map<String, String> known = new HashMap<>();
  private @Nullable String[] words = {};
  private String last = "";

  /** Nothing was written yet; what is takes its bytes from the budget. */
  RowWords(MemoryBudget budget) {
    this.budget = budget;
  }

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
      words = Arrays.copyOf(words, Math.max(64, row + row / 2));
    }
    if (!word.equals(last)) {
      String kept = known.get(word);
      last = kept == null ? word : kept;
      if (kept == null) {
        budget.reserve(WORD + (long) word.length());
        if (known.size() < MOST) {
          String unused = known.put(word, word);
        }
      }
    }
    words[row] = last;
  }
}
