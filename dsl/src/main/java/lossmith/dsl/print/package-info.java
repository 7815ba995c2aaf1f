/** Objectives as text: a numbered listing and a textbook formula. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.print;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
