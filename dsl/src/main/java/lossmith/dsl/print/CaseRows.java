package lossmith.dsl.print;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;

/**
 * One of several texts, the first whose condition holds.
 *
 * @param rows a text and its condition
 * @param otherwise what stands where none holds
 */
record CaseRows(List<Tuple2<String, String>> rows, String otherwise) {
  /** These where a condition does not hold, another text where it does. */
  CaseRows unless(String when, String text) {
    return new CaseRows(rows.prepend(Tuple.of(text, when)), otherwise);
  }
}
