/**
 * Laws of what is compared, mixed, credited and logged: what a part of a loss must mean where its
 * role, its names or its own numbers say what was meant. {@link lossmith.proofs.meant.MeantLaws}
 * has all of them; nothing here knows an objective by name.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.meant;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
