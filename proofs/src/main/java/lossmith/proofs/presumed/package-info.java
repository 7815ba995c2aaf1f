/**
 * The laws that a role brings: what the objectives of a kind share, held by default of every loss
 * that reads as one of them. What is true of every objective is in {@code law}.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.presumed;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
