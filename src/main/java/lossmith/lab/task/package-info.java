/**
 * What is learnt: prompts, an exact verifier, and the demonstrations that a policy starts from.
 * Knows nothing of networks.
 */
@CheckReturnValue
@NullMarked
package lossmith.lab.task;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
