/**
 * A loss as passes over the rows of the logits, a few rows at a time: what each pass computes of a
 * row, what it carries over to the next, and how dL/dlogits is written entry by entry. No
 * TensorFlow here: {@code ops} compiles these plans.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.sweep;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
