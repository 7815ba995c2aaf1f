package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Objects;
import lossmith.dsl.Level;

/**
 * A factor of a product: its text, whether it needs brackets there, and where people put it. Two
 * are equal when they read the same.
 *
 * @param level at which it is one number, where that is known
 * @param inside the summands of a sum in brackets, so that the brackets can be opened
 */
record Factor(
    String text, boolean brackets, Rank rank, Option<Level.Name> level, List<Summand> inside) {
  /** The order of the factors of a product, as papers write them. */
  enum Rank {
    NUMBER,
    PARAMETER,
    SIZE,
    INDICATOR,
    RATIO,
    OTHER,
    CASES,
    LOG,
    BIG_SUM
  }

  Factor(String text, boolean brackets, Rank rank) {
    this(text, brackets, rank, Option.none(), List.empty());
  }

  static Factor atom(String text) {
    return new Factor(text, false, Rank.OTHER);
  }

  static Factor big(String text) {
    return new Factor(text, false, Rank.BIG_SUM);
  }

  /** A sum in brackets, one number where all its summands are. */
  static Factor sum(String text, Rank rank, List<Summand> inside) {
    List<Option<Level.Name>> levels =
        inside.flatMap(one -> one.over().appendAll(one.under())).map(Factor::level);
    Option<Level.Name> finest =
        levels.exists(Option::isEmpty) ? Option.none() : levels.flatMap(x -> x).min();
    return new Factor(text, true, rank, finest, inside);
  }

  /** The same, known to be one number at a level. */
  Factor at(Level.Name where) {
    return level.isDefined() ? this : new Factor(text, brackets, rank, Option.some(where), inside);
  }

  String bracketed() {
    return brackets || rank == Rank.BIG_SUM ? "(" + text + ")" : text;
  }

  /** Whether this is a number in the digits of any notation. */
  boolean plainNumber() {
    return rank == Rank.NUMBER && text.matches("[0-9.]+");
  }

  /** Whether this is a sum of numbers and parameters, which stands behind those that are none. */
  boolean weight() {
    return rank == Rank.PARAMETER && brackets;
  }

  /** This times itself, so many times in all. */
  Factor power(int times) {
    return times == 1 ? this : power(String.valueOf(times));
  }

  Factor power(String exponent) {
    String base = brackets || (text.contains(" ") && !call(text)) ? "(" + text + ")" : text;
    Rank now = rank == Rank.BIG_SUM ? Rank.OTHER : rank;
    return new Factor(base + "^" + exponent, false, now, level, List.empty());
  }

  /** Whether a text is a function of something and nothing else. */
  private static boolean call(String text) {
    int open = text.indexOf('(');
    if (open <= 0 || text.substring(0, open).contains(" ")) {
      return false;
    }
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i == text.length() - 1;
      }
    }
    return false;
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Factor f
        && f.text.equals(text)
        && f.brackets == brackets
        && f.rank == rank;
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, brackets, rank);
  }
}
