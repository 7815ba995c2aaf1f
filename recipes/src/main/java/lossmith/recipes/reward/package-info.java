/** Objectives that train a reward model: of responses, of steps, or implicit in a policy. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.reward;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
