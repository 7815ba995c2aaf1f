/**
 * What a shell has beside the types of a loss: the commands, on objectives that were written there.
 */
@CheckReturnValue
@NullMarked
package lossmith.shell;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
