/** The command line. */
@NullMarked
@CheckReturnValue
package lossmith;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
