package lossmith.dsl.sweep;

/** How far a node reads, seen from one row of the logits. */
enum Reach {
  /** Data and parameters only: known before any logit is read. */
  DATA,
  /** The policy at this token, and data: known once the row is read. */
  ROW,
  /** The policy beyond this token: known once all rows are read. */
  BATCH;

  Reach and(Reach other) {
    return compareTo(other) < 0 ? other : this;
  }
}
