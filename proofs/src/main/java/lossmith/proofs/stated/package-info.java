/** The published objectives stated a second time, as loops over plain numbers. */
@NullMarked
@CheckReturnValue
package lossmith.proofs.stated;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
