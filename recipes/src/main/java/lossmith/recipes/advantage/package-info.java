/**
 * Advantage estimators: how much better an action was than what was to be expected of it. Detached
 * terms; a reward comes in, a number per token or response goes out.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.advantage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
