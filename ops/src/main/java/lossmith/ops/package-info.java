/** Losses compiled to TensorFlow. */
@NullMarked
@CheckReturnValue
package lossmith.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
