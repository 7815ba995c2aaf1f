/** The derivative: a term again, guarded and simplified. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.derivative;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
