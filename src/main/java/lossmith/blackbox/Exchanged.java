package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Comparator;

/**
 * A known objective that is a loss once parts are exchanged.
 *
 * @param name what the objective is called
 * @param recipe the name of its recipe
 * @param places what is exchanged for what, in words
 * @param measured whether no piece of the formula is exchanged, nor the advantage
 * @param value whether the value is that of the loss too, and not the gradient alone
 * @param agreement how nearly it is the loss
 */
record Exchanged(
    String name,
    String recipe,
    Seq<String> places,
    boolean measured,
    boolean value,
    SameNumbers.Agreement agreement) {
  /** The best known first: of those that are as near, a person would name it. */
  static final List<String> KNOWN =
      List.of("ppo", "grpo", "dapo", "reinforce", "dr-grpo", "gspo", "cispo", "sapo");

  /**
   * The fewest places first, of those a measure before a piece, and then the best known; to know
   * one of the others counts as one place more. A stable sort keeps those in their order.
   */
  static final Comparator<Exchanged> NEAREST =
      Comparator.<Exchanged>comparingInt(one -> one.count() + (one.known() ? 0 : 1))
          .thenComparing(one -> !one.measured)
          .thenComparingInt(Exchanged::rank);

  /** What is told where the gradient alone is that of the loss. */
  static final String OTHER_VALUE = "its value is another, with the same gradient";

  /** With more parts exchanged it is another objective. */
  static final int MOST = 3;

  int count() {
    return differences().size();
  }

  /** What is exchanged, and whether the value is another. */
  Seq<String> differences() {
    return value ? places : places.append(OTHER_VALUE);
  }

  boolean known() {
    return KNOWN.contains(recipe);
  }

  private int rank() {
    int at = KNOWN.indexOf(recipe);
    return at < 0 ? KNOWN.size() : at;
  }
}
