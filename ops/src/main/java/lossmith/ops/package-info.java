/**
 * The one module that knows TensorFlow, as its users meet it: a loss is compiled, samples are fed,
 * value, parts, metrics and gradients come back. {@link lossmith.ops.Compile} is where a loss is
 * asked for: over the whole batch ({@link lossmith.ops.CompiledLoss}), over given logits or hidden
 * states a few rows at a time ({@link lossmith.ops.FusedLoss}), or over a batch that comes in
 * pieces ({@link lossmith.ops.Window}). Nodes that are no loss are {@link
 * lossmith.ops.CompiledNodes}. Packages below, except {@code memory}, are internal to this module.
 */
@CheckReturnValue
@NullMarked
package lossmith.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
