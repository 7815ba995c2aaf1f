/**
 * An evaluation that shares no code with what it evaluates: every objective is drawn together with
 * a second form of it, loops over plain arrays that never see a term, and both are asked for value
 * and gradient on the same batch. The loops are in {@code loops} and {@code parts}; here both sides
 * meet.
 */
@CheckReturnValue
@NullMarked
package lossmith.proofs.independent;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
