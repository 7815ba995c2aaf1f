package lossmith.rollouts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;

/**
 * What the columns of rollouts are called: here, and by trainers and inference servers in what they
 * write.
 */
final class ColumnNames {
  static final String PROMPT_ID = "prompt_id";
  static final String TOKENS = "tokens";
  static final String MASK = Columns.RESPONSE_MASK;

  /** Columns for readers, of which no number depends. */
  static final Seq<String> TEXTS = List.of("prompt", "response", "token_text");

  /** The name here, and what the same thing is called elsewhere. */
  private static final Map<String, Seq<String>> OTHERS =
      Dialects.anywhere()
          .foldLeft(
              LinkedHashMap.<String, Seq<String>>empty(),
              (all, name) -> all.put(name._2, List.of(name._1), Seq::appendAll));

  private ColumnNames() {}

  /** {@return what a column is called elsewhere} */
  static Seq<String> others(String name) {
    return OTHERS.getOrElse(name, List.empty());
  }

  /** {@return the name here of what is called so elsewhere} */
  static Option<String> here(String other) {
    return OTHERS.find(names -> names._2.contains(other)).map(names -> names._1);
  }

  /** {@return all names that are known, here and elsewhere} */
  static Seq<String> known() {
    return OTHERS.flatMap(names -> names._2.prepend(names._1)).toList();
  }
}
