/**
 * Additions to a finding: changes of one term after which all laws hold, and truths that nobody
 * claimed.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.repair;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
