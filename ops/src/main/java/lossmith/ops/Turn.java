package lossmith.ops;

/** When a pass reads the rows. */
enum Turn {
  /** Once and for all. */
  ONLY,
  /** Before others, which take max z and log Σ exp of each row from it. */
  FIRST,
  /** After the first. */
  LATER
}
