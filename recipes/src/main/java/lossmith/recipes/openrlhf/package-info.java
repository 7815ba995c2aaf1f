/** Losses as OpenRLHF computes them. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.openrlhf;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
