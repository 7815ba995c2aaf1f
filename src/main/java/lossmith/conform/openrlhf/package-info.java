/** OpenRLHF's functions, from its arguments to terms and samples. */
@CheckReturnValue
@NullMarked
package lossmith.conform.openrlhf;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
