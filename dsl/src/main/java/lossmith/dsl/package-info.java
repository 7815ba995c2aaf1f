/**
 * The algebra of policy-optimisation objectives: levels, terms, conditions and the sealed core
 * under them. Everything here is an immutable value; a meaning of a value (a number, a formula, a
 * derivative, a graph) is an {@link lossmith.dsl.Algebra} folded over it.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
