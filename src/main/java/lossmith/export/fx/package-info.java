/**
 * Objectives as graphs of {@code torch.fx} in JSON: plain data, from which another program rebuilds
 * a function of PyTorch.
 */
@CheckReturnValue
@NullMarked
package lossmith.export.fx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
