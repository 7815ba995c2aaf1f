package lossmith.proofs.known;

/**
 * A piece of a part in normal form.
 *
 * @param kind what piece of it
 * @param shape its form
 */
record Fragment(Kind kind, TermForm shape) {
  /** What a piece is. */
  enum Kind {
    /** All of it. */
    WHOLE,
    /** What is averaged, whatever it is weighed by. */
    TERM,
    /** A detached factor that says what a token was worth. */
    ADVANTAGE,
    /** A detached factor of policies alone. */
    WEIGHT,
    /** How a term becomes one number. */
    MEAN,
    /** One of the conditions on which a token or a response counts. */
    SELECTION,
    /** A number of each response from which an advantage is made, as far as it may be a reward. */
    REWARD;

    /** Whether a part is unknown where one of these is. */
    boolean tells() {
      return this != WHOLE && this != REWARD;
    }
  }
}
