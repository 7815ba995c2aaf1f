/**
 * What an objective does to given rollouts: its value, who it clips, its gradient, where entropy
 * goes.
 */
@CheckReturnValue
@NullMarked
package lossmith.score;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
