/**
 * The derivative of a node, in reverse mode: a node again, guarded so that branches that are not
 * selected contribute nothing, and simplified while it is built. Rules of algebra that are not
 * about slopes belong to {@code simplify}.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.derivative;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
