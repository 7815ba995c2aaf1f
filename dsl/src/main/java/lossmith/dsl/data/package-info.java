/** Ragged samples: which slots exist, where they belong, and the columns of numbers they carry. */
@CheckReturnValue
@NullMarked
package lossmith.dsl.data;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
