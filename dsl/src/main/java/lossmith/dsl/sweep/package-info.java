/** Losses as passes over a few rows of the logits at a time. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.sweep;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
