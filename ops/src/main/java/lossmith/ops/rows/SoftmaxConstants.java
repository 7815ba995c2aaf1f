package lossmith.ops.rows;

import io.vavr.collection.Set;

/** Where the softmax constants of a row, max z and log Σ exp(z − max z), come from. */
public enum SoftmaxConstants {
  /** From the row, which is there whole. */
  COMPUTED,
  /**
   * From the row, which is there whole and with it its exponentials: π is one of them over their
   * sum. For as few rows as the nearest cache holds; of more, computing them again is quicker.
   */
  KEPT,
  /** From columns, so that a part of the vocabulary is enough. */
  GIVEN;

  /** Before a grid's name, the column of max z. */
  static final String MOST = "row_most.";

  /** Before a grid's name, the column of log Σ exp((z − max z) / T). */
  static final String LOG_MASS = "row_log_mass.";

  /** The names of these columns of some grids. */
  static Set<String> columns(Set<String> grids) {
    return grids.map(MOST::concat).addAll(grids.map(LOG_MASS::concat));
  }

  /** Whether a name is that of such a column. */
  public static boolean isColumn(String name) {
    return name.startsWith(MOST) || name.startsWith(LOG_MASS);
  }
}
