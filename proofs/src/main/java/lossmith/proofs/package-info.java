/** Laws that a loss can be held to. */
@NullMarked
@CheckReturnValue
package lossmith.proofs;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
