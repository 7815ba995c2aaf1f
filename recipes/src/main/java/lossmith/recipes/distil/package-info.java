/**
 * Objectives that pull the policy towards a teacher, by whole distributions or by its log-probs of
 * the sampled tokens.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.distil;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
