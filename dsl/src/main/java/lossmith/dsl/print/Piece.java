package lossmith.dsl.print;

/** A piece of formula with how tightly it binds. */
record Piece(String text, int binds) {
  /** a + b, −a. */
  static final int SUM = 1;

  /** Σ a: reaches over products, not over sums. */
  static final int BIG = 2;

  /** a · b, a / b. */
  static final int PRODUCT = 3;

  /** Names, numbers, calls. */
  static final int ATOM = 4;

  static Piece atom(String text) {
    return new Piece(text, ATOM);
  }

  /** The text, in brackets if it binds less than asked for. */
  String atLeast(int tightness) {
    return binds >= tightness ? text : "(" + text + ")";
  }
}
