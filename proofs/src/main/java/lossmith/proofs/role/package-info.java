/**
 * What a loss is presumed to be: the role of each of its parts, derived from the term alone, by
 * what carries the gradient and what multiplies it. Nothing is evaluated here and no recipe is
 * known by name; the laws that a role brings are in {@code law}.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.role;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
