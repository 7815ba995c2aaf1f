/**
 * Files of rows as columns of numbers and texts: JSON and CSV through Jackson, Parquet through
 * DuckDB, Arrow through its own library. What a column means is not known here; that is {@code
 * rollouts}.
 */
@CheckReturnValue
@NullMarked
package lossmith.rollouts.table;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
