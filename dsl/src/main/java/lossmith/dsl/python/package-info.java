/**
 * An objective as PyTorch source: the loss at the statistics of each token, its gradient in closed
 * form and what it logs, as one function that reads like the formula. What objectives do alike,
 * such as means over the tokens that exist, is Python too, in {@code helpers.py} of the resources,
 * of which a module has what it uses. Text only: nothing here runs Python.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.python;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
