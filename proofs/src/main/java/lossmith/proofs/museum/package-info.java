/** Real bugs of public systems, and what stops each. */
@NullMarked
@CheckReturnValue
package lossmith.proofs.museum;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
