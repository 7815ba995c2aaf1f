/**
 * Matrices outside the Java heap and what a policy hands over in them. Users fill and read them.
 */
@CheckReturnValue
@NullMarked
package lossmith.ops.memory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
