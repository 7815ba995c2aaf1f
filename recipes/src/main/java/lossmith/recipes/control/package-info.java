/**
 * Controllers that change a coefficient between training steps: adaptive KL and adaptive entropy.
 * They are plain state, no terms.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.control;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
