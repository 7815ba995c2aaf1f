/**
 * Small language models that are trained with any objective: the loop, what it measures, how it is
 * stopped and resumed. The loss and its gradient are those of the compiled objective.
 */
@CheckReturnValue
@NullMarked
package lossmith.lab;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
