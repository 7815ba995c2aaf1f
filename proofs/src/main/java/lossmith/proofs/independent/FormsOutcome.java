package lossmith.proofs.independent;

/**
 * What comparing two forms of an objective on one batch came to.
 *
 * @param kind whether they agree
 * @param value the difference of the values, relative to the magnitude of their summands
 * @param gradient the difference of the slopes, relative to the same or to the largest slope
 * @param slopes how many slopes were compared
 * @param text where they differ, with both numbers
 */
record FormsOutcome(Kind kind, double value, double gradient, int slopes, String text) {
  /** Whether two forms agree. */
  enum Kind {
    /** They do. */
    AGREED,
    /** A kink, a jump or a rounding is too near to tell. */
    KINK,
    /** They do not. */
    DIFFERED
  }

  static FormsOutcome kink(String where) {
    return new FormsOutcome(Kind.KINK, 0, 0, 0, where);
  }
}
