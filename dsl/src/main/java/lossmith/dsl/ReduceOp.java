package lossmith.dsl;

/**
 * What a reduction computes of the members that count. Over nothing each is 0, in value and slope.
 */
public enum ReduceOp {
  /** Σx. */
  SUM("sum"),
  /** Σx / n. */
  MEAN("mean"),
  /** sqrt(Σ(x − mean)² / (n − ddof)), two-pass; 0 where n ≤ ddof; slope 0 at 0. */
  DEVIATION("deviation"),
  /** The smallest; the slope goes to the first of equals. */
  MIN("min"),
  /** The largest; the slope goes to the first of equals. */
  MAX("max");

  private final String word;

  ReduceOp(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
