/**
 * Rollouts in files: what columns are called and mean, which tokens exist, logits in the NumPy
 * format, and the embedded sample. Faults of a file are reported by column and row; what objectives
 * make of it is in {@code score}.
 */
@CheckReturnValue
@NullMarked
package lossmith.rollouts;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
