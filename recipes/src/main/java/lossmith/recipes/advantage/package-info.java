/** Advantage estimators: how much better an action was than what was to be expected. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.advantage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
