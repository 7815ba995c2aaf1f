/** Objectives with a name and a source. */
@NullMarked
@CheckReturnValue
package lossmith.recipes;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
