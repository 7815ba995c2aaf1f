/** verl's functions, from its arguments to terms and samples. */
@CheckReturnValue
@NullMarked
package lossmith.conform.verl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
