/** Parts of objectives by name, and objectives put together from them. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.part;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
