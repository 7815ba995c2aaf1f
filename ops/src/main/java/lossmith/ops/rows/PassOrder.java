package lossmith.ops.rows;

/**
 * Whether a pass is the first over the rows, and finds their softmax constants, or a later one,
 * which is given them.
 */
public enum PassOrder {
  /** Once and for all. */
  ONLY,
  /** Before others, which take max z and log Σ exp of each row from it. */
  FIRST,
  /** After the first. */
  LATER
}
