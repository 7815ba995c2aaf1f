/**
 * Policy gradients on samples of an older or another policy: importance weights, trust regions on
 * stale samples, imitation weighted by advantage.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.offpolicy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
