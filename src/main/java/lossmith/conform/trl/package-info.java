/** TRL's functions, from its arguments to terms and samples. */
@CheckReturnValue
@NullMarked
package lossmith.conform.trl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
