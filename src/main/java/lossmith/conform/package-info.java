/**
 * What other systems computed, against what Lossmith computes: golden files of their functions, and
 * rollouts with their losses. Every golden function is in one list here; a system's own inputs and
 * options are in the package of its name.
 */
@CheckReturnValue
@NullMarked
package lossmith.conform;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
