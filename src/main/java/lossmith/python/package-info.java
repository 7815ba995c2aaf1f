/**
 * Losses that exist as Python functions, run in a child process. What they are held to and compared
 * with is {@code lossmith.blackbox}'s.
 */
@CheckReturnValue
@NullMarked
package lossmith.python;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
