/** verl's functions written as terms, and its padded arrays read as samples, for comparison. */
@CheckReturnValue
@NullMarked
package lossmith.conform.verl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
