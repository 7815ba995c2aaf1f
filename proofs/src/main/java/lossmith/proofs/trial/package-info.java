/**
 * Cases: samples and parameters drawn from a seed, and random terms and objectives. Knows nothing
 * of what is proved on them.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.trial;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
