/**
 * Nodes computed on a batch of any size, a piece of whole prompts at a time: numbers that may
 * outgrow memory, what is joined from the pieces, what must be put in order beside them. Where the
 * pieces come from (a file, samples) is elsewhere.
 */
@CheckReturnValue
@NullMarked
package lossmith.pieces;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
