package lossmith.dsl;

/**
 * What a reduction computes of the members that count. Over nothing each is 0, in value and slope.
 */
public enum ReduceOp {
  /** Σx. */
  SUM("sum"),
  /** Σx / n. */
  MEAN("mean"),
  /**
   * sqrt(Σ(x − mean)² / (n − ddof)), two-pass, with the largest |x − mean| taken out before
   * squaring, so that neither 1e200 nor 1e-200 is lost; 0 where n ≤ ddof; slope 0 at 0.
   */
  STD("std"),
  /** The smallest; the slope goes to the first of equals. */
  MIN("min"),
  /** The largest; the slope goes to the first of equals. */
  MAX("max"),
  /**
   * The ulp of the largest: max|x| times the relative spacing of the numbers that the members were
   * recorded in. That is 2⁻²³ where every member is a float32 and not all are whole numbers, else
   * 2⁻⁵²; where the arithmetic itself is float32, 2⁻²³. Of detached members only.
   */
  ULP("ulp");

  private final String word;

  ReduceOp(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
