package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * What could have been meant.
 *
 * @param edits what to write
 * @param meaning what it means, in a few words
 */
record Suggestion(Seq<Edit> edits, String meaning) {
  static Suggestion of(int start, int end, String text, String meaning) {
    return new Suggestion(List.of(new Edit(start, end, text)), meaning);
  }
}
