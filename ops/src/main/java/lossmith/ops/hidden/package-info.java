/**
 * A pass over hidden states and an output matrix: logits exist for one chunk of rows at a time
 * only. For this module alone.
 */
@CheckReturnValue
@NullMarked
package lossmith.ops.hidden;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
