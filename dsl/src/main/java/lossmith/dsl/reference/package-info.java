/**
 * The plain meaning of a node: numbers in double precision, one loop for each kind, slow and
 * obvious. Every other meaning is compared with this one, so it may share no code with them.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.reference;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
