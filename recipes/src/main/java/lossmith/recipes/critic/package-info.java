/**
 * Objectives that read or train a value function, Q values or a dual variable beside the policy.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.critic;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
