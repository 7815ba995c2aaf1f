/**
 * TRL's losses at commit f2cd5771, to the last digit. TRL multiplies by its mask where it should
 * not count at all, so every padded slot is bound as a token and the mask is a column.
 */
@NullMarked
@CheckReturnValue
package lossmith.recipes.trl;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
