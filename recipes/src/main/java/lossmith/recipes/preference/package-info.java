/**
 * Objectives over pairs of a chosen and a rejected response, or over responses labelled good or
 * bad: DPO and its relatives, KTO, ORPO, supervised fine-tuning.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.preference;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
