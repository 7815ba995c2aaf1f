/**
 * Samples: ragged responses grouped by prompt, and the columns and grids of numbers they carry;
 * what a shard knows of a batch that is read in pieces. All checks of what enters are here. Knows
 * no term.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.data;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
