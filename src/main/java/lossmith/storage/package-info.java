/** What may outgrow memory: numbers in a row, and tables in DuckDB, within a budget of bytes. */
@CheckReturnValue
@NullMarked
package lossmith.storage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
