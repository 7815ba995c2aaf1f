/** Which trained inputs the gradient of a loss reaches, and by what path. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.flow;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
