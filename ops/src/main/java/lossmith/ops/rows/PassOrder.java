package lossmith.ops.rows;

/** When a pass reads the rows. */
public enum PassOrder {
  /** Once and for all. */
  ONLY,
  /** Before others, which take max z and log Σ exp of each row from it. */
  FIRST,
  /** After the first. */
  LATER
}
