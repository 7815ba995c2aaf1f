/**
 * What an objective does to given rollouts: its value, which tokens it clips, its gradient, where
 * entropy goes; for one batch, and token by token in a file.
 */
@CheckReturnValue
@NullMarked
package lossmith.score;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
