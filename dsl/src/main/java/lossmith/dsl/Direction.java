package lossmith.dsl;

/** The two ways along the existing tokens of a sequence. */
public enum Direction {
  /** From the first token to the last: x_t depends on x_(t−1). */
  FORWARD,
  /** From the last token to the first: x_t depends on x_(t+1). */
  BACKWARD;

  /** {@return the other way} */
  public Direction reversed() {
    return this == FORWARD ? BACKWARD : FORWARD;
  }
}
