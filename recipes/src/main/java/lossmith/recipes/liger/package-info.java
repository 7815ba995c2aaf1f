/** Losses as Liger Kernel computes them, where they differ from TRL. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.liger;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
