/** Names of the numbers that a run of training writes down, read by whoever shows them. */
@NullMarked
@CheckReturnValue
package lossmith.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
