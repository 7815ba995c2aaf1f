/**
 * What may be wrong with rollouts before any loss sees them: one class for each theme, each finding
 * a value with its place in the file and its numbers. Looks at the tokens of the policy alone;
 * scores nothing.
 */
@CheckReturnValue
@NullMarked
package lossmith.check;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
