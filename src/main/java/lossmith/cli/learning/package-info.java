/** Commands for who learns the language that losses are written in. */
@CheckReturnValue
@NullMarked
package lossmith.cli.learning;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
