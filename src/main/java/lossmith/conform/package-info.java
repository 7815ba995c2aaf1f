/** Objectives held against results that other systems computed from the same rollouts. */
@CheckReturnValue
@NullMarked
package lossmith.conform;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
