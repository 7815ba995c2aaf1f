/**
 * A pass over the rows of the logits: one function that XLA compiles reads a few rows at a time and
 * writes statistics and dL/dlogits. For this module alone.
 */
@CheckReturnValue
@NullMarked
package lossmith.ops.rows;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
