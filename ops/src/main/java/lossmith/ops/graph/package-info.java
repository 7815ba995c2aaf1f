/**
 * Nodes as TensorFlow operations over a whole batch, and what is fed to them. For this module
 * alone.
 */
@CheckReturnValue
@NullMarked
package lossmith.ops.graph;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
