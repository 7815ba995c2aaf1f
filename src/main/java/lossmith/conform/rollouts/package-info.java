/** Rollouts with the losses that other systems found on them, computed again. */
@CheckReturnValue
@NullMarked
package lossmith.conform.rollouts;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
