/**
 * The published objectives stated a second time, as loops over plain numbers, written from the
 * paper and not from the recipe. Shares no code with terms.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.stated;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
