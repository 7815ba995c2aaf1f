/** On what scale, and by what rule, two computations of a number can agree. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.magnitude;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
