/**
 * Objectives that are one systematic mistake away from a given one, and how many of them the laws
 * notice.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.mutation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
