/**
 * Which trained inputs the gradient of a loss reaches, by what path, and what is dead: for ever, or
 * until the policy has moved.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.flow;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
