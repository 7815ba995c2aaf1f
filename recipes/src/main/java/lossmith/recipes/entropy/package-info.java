/**
 * Objectives that hold entropy up by choosing or weighting tokens: covariance, forking tokens,
 * shaped advantages, self-certainty.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.entropy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
