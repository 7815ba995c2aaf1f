/**
 * An objective under proof: bound and compiled once at each surface, with its cases, its scale, and
 * what rounding decides in it. Knows no law by name; a {@code Law} is a value here, its contents
 * are in {@code law}.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.subject;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
