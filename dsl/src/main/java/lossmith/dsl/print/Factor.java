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
    LOG_PROB,
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

  /** The text as the base of a power. */
  String base() {
    return brackets || text.contains(" ") ? "(" + text + ")" : text;
  }
}
