/**
 * Which advantage estimator a loss multiplies the policy's terms by, found by comparing its numbers
 * with loops over plain arrays, and what of it is nearly one and not quite.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.estimator;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
