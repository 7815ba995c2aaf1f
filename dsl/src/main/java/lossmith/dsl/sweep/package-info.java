/** Losses as passes over a few rows of the logits at a time. */
@NullMarked
package lossmith.dsl.sweep;

import org.jspecify.annotations.NullMarked;
