/** Graphs as data that leave the process: kinds, their data by name, places of operands. */
@NullMarked
@CheckReturnValue
package lossmith.dsl.portable;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
