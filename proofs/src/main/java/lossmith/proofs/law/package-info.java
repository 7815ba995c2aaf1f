/**
 * The laws, a class for each theme, and the battery that joins them. A law reads the subject and a
 * case and gives violations; nothing here draws or prints.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.law;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
