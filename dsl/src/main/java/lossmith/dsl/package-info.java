/** The algebra: terms, levels and their meanings. */
@NullMarked
@CheckReturnValue
package lossmith.dsl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
