/**
 * What a command prints on a terminal: tables, progress, files that are written whole or not at
 * all. Knows no objective.
 */
@CheckReturnValue
@NullMarked
package lossmith.console;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
