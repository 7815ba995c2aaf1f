/** What must be known before the gradient of a token is. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.schedule;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
