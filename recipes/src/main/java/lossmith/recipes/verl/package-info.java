/**
 * Losses, aggregations, selections and corrections as verl computes them, where conventions alone
 * cannot say it.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.verl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
