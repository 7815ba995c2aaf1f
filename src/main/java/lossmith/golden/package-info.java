/**
 * Golden files: inputs and results of other systems, case by case, held against the same losses
 * written as terms.
 */
@CheckReturnValue
@NullMarked
package lossmith.golden;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
