/** Where the numbers of a run go: files that other programs read. */
@CheckReturnValue
@NullMarked
package lossmith.lab.sink;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
