package lossmith.dsl.print;

/** A factor of a product: its text, whether it needs brackets there, and where people put it. */
record Factor(String text, boolean brackets, Rank rank) {
  /** The order of the factors of a product, as papers write them. */
  enum Rank {
    NUMBER,
    SETTING,
    SIZE,
    INDICATOR,
    RATIO,
    OTHER,
    LOG,
    BIG_SUM
  }

  static Factor atom(String text) {
    return new Factor(text, false, Rank.OTHER);
  }

  static Factor big(String text) {
    return new Factor(text, false, Rank.BIG_SUM);
  }

  String bracketed() {
    return brackets || rank == Rank.BIG_SUM ? "(" + text + ")" : text;
  }

  /** Whether this is a number in the digits of any notation. */
  boolean plainNumber() {
    return rank == Rank.NUMBER && text.matches("[0-9.]+");
  }

  /** This times itself, so many times in all. */
  Factor power(int times) {
    return times == 1 ? this : power(String.valueOf(times));
  }

  Factor power(String exponent) {
    String base = brackets || text.contains(" ") ? "(" + text + ")" : text;
    return new Factor(base + "^" + exponent, false, rank == Rank.BIG_SUM ? Rank.OTHER : rank);
  }
}
