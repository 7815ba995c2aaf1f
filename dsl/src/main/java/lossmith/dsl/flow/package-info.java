/**
 * Which trained inputs the gradient of a loss reaches, by what path, and which of its parts are
 * dead: always, or only on policy (π = π_old).
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.flow;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
