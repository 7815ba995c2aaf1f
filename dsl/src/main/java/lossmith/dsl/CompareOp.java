package lossmith.dsl;

/** The comparisons; the others follow by exchanging sides or by negation. */
public enum CompareOp {
  /** x &lt; y. */
  BELOW("<"),
  /** x ≤ y. */
  AT_MOST("<="),
  /** x = y. */
  EQUAL("==");

  private final String word;

  CompareOp(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
