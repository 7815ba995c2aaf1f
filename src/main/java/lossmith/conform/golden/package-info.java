/**
 * Golden files: cases with inputs, options and outputs of a system's function, read, computed again
 * and compared.
 */
@CheckReturnValue
@NullMarked
package lossmith.conform.golden;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
