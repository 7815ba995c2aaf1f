package lossmith.dsl;

/** The element-wise functions of two numbers. */
public enum BinaryOp {
  /** x + y. */
  PLUS("+"),
  /** x − y. */
  MINUS("-"),
  /** x · y. */
  TIMES("*"),
  /** x / y. */
  DIVIDE("/"),
  /** The smaller; at a tie all of the gradient goes to the first. */
  MIN("min"),
  /** The larger; at a tie all of the gradient goes to the first. */
  MAX("max"),
  /** log(e^x + e^y), without overflow. */
  LOG_ADD_EXP("log_add_exp"),
  /** e^x / (e^x + e^y) = σ(x − y), the slope of log(e^x + e^y): 0 where x = −∞, also if y is. */
  SIGMOID_DIFF("sigmoid_diff"),
  /** e^x · y for a log-probability x ≤ 0: 0 where x = −∞, whatever y is, in value and slope. */
  PROB_TIMES("prob_times");

  private final String word;

  BinaryOp(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
