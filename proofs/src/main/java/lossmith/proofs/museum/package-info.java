/**
 * Real bugs of public systems: for each the thread it comes from, the wrong objective, the mended
 * one and what catches it. A bug that nothing catches does not belong here but in an issue.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.museum;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
