/**
 * A batch read in pieces of whole prompts: which nodes are taken over the whole batch, what each
 * piece contributes to them, and in how many passes they are found. What a piece contributes has a
 * fixed size, or is a column that must be put in order. How pieces are stored, and what computes
 * them, is elsewhere.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.pieces;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
