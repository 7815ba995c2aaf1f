/** How what a command found is printed: as a table for readers, and for scripts. */
@CheckReturnValue
@NullMarked
package lossmith.cli.table;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
