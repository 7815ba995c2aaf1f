/**
 * Corrections for samples whose sampler is not the policy that is trained: importance weights
 * between rollout engine and trainer, rejection of tokens or responses, and the metrics that watch
 * both.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.correction;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
