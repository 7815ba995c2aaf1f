/**
 * Corrections for a rollout policy that is not quite the policy that is trained: weights,
 * rejections, and what is logged of them.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.rollout;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
