/**
 * A loss made ready for a surface: columns that samples lack are filled in, the policy's statistics
 * are split off where they are fed, and the gradient of every trained input is there as a node.
 * Reads no samples and computes nothing.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.bind;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
