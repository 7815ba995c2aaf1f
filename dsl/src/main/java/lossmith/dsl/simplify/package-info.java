/**
 * Makes a node smaller without changing its value: one rule of algebra after another, until none
 * applies. The derivative builds its products and sums through {@link
 * lossmith.dsl.simplify.Simplify}; nothing here knows what a derivative is.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.simplify;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
