/** An objective bound to a surface: what is fed, what comes back. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.bind;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
