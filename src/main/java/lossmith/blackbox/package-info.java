/**
 * Losses of which nothing is known but what they give for a batch: what they are seen to do, the
 * laws that need no term, and which objective of the catalogue they are. Where such a loss runs
 * stands elsewhere.
 */
@CheckReturnValue
@NullMarked
package lossmith.blackbox;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
