/** Recomputes losses that other systems recorded for given rollouts, and compares them. */
@CheckReturnValue
@NullMarked
package lossmith.conform.rollouts;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
