/** Objectives as files for other programs. */
@CheckReturnValue
@NullMarked
package lossmith.export;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
