/**
 * What must be known before the gradient of a token is: which statistics, of the data or of the
 * policy, in which order, and how often the logits are read for them.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.schedule;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
