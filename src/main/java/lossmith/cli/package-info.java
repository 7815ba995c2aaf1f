/** The commands of the command line. */
@CheckReturnValue
@NullMarked
package lossmith.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
