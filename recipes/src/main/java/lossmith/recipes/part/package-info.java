/**
 * Parts of objectives by name (rewards, advantages, weights, surrogates, selections, reductions,
 * regularisers), and objectives put together from them with +.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.part;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
