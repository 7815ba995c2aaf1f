/**
 * What is wrong with a text that does not compile, and what to write instead: the types of what was
 * written decide the remedy, and the compiler tries it before it is told.
 */
@CheckReturnValue
@NullMarked
package lossmith.explain;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
