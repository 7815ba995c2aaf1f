/** The database in which tables of tokens are kept, read and written. Knows no objective. */
@CheckReturnValue
@NullMarked
package lossmith.database;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
