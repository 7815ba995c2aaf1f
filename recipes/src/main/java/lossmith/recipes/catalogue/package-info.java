/** All recipes by name. The one package that knows every family. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.catalogue;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
