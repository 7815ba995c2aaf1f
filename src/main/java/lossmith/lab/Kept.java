package lossmith.lab;

/** What is kept of every step of a run beside its numbers, a Parquet file a step. */
public enum Kept {
  /** A row for each response, as every command reads rollouts. */
  ROLLOUTS,

  /** A row for each token. */
  TOKENS
}
