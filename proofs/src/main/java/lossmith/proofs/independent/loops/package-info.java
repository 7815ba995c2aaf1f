/**
 * The plain side of random terms: arrays, a layout, and closures over them that are drawn beside
 * each term and never see it.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.independent.loops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
