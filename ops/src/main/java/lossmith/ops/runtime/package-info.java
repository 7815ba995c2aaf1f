/** How TensorFlow is loaded, silenced, given devices and sessions. For this module alone. */
@CheckReturnValue
@NullMarked
package lossmith.ops.runtime;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
