/** The plain meaning: doubles, one loop a kind, slow and obvious. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.reference;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
