/** Liger Kernel's functions, from its arguments to terms and samples. */
@CheckReturnValue
@NullMarked
package lossmith.conform.liger;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
