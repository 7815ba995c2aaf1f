/**
 * The plain side of the parts that compositions name: each as loops, written from its published
 * formula.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.independent.parts;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
