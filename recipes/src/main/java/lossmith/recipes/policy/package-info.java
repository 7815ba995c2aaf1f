/**
 * Policy gradients on fresh samples of the policy: PPO, GRPO and what differs from them in clip,
 * aggregation or advantage. Families do not import one another.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.policy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
