/**
 * Measurements: how long losses take and how much memory, beside what bounds them and what else
 * runs. Nothing here is asserted by a test.
 */
@CheckReturnValue
@NullMarked
package lossmith.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
