/**
 * Proofs of an objective as its user meets them: hold it to laws, get findings with the smallest
 * case that shows each, as a call or as a jqwik suite. The laws are in {@code law}, what they are
 * checked against in {@code subject}, cases in {@code trial}.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
