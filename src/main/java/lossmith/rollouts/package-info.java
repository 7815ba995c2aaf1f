/**
 * Rollouts in files: JSONL, JSON, CSV and Parquet through DuckDB, logits in the NumPy format, and
 * the embedded sample. Faults of a file are reported by column and row; evaluating objectives on it
 * is in {@code score}.
 */
@CheckReturnValue
@NullMarked
package lossmith.rollouts;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
