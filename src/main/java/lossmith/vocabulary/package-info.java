/** Token ids as text. Not here: the texts of rollouts, which are columns of their file. */
@NullMarked
@CheckReturnValue
package lossmith.vocabulary;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
