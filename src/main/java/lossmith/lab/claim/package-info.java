/**
 * What papers claim about training, as experiments: the runs that decide a claim, the effect that
 * is read off them, and what it has to be. Knows nothing of how the runs are made.
 */
@CheckReturnValue
@NullMarked
package lossmith.lab.claim;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
