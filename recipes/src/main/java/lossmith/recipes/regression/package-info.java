/** Objectives that regress a log-ratio of policy and reference on a reward. */
@CheckReturnValue
@NullMarked
package lossmith.recipes.regression;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
