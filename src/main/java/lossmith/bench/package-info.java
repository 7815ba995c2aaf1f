/**
 * Measurements: time and memory of losses, compared with lower bounds and with other programs. No
 * test asserts them.
 */
@CheckReturnValue
@NullMarked
package lossmith.bench;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
