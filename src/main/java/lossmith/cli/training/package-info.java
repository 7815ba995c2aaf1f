/** What {@code train} is told by options, and what it prints of runs that were compared. */
@CheckReturnValue
@NullMarked
package lossmith.cli.training;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
