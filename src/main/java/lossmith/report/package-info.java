/**
 * Pages that a browser opens: the catalogue of recipes, its style sheet and its formulas as MathML.
 * Terminal output belongs to {@code lossmith.console}; nothing is computed here.
 */
@CheckReturnValue
@NullMarked
package lossmith.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
