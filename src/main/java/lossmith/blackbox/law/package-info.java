/** Laws of losses of which nothing is known but what they give, and who holds one to them. */
@CheckReturnValue
@NullMarked
package lossmith.blackbox.law;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
