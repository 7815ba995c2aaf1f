/**
 * Measurements: how long losses take and what memory, beside what bounds them and what else runs.
 */
@CheckReturnValue
@NullMarked
package lossmith.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
