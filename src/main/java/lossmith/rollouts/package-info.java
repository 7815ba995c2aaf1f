/**
 * Rollouts in files: JSONL, JSON, CSV and Parquet through DuckDB, logits in the NumPy format, and
 * the embedded sample.
 */
@CheckReturnValue
@NullMarked
package lossmith.rollouts;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
