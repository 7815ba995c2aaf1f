/**
 * Pages that a browser opens: the catalogue of recipes, its style sheet and its formulas as MathML.
 * What is printed on a terminal belongs to {@code lossmith.console}; what is computed comes from
 * elsewhere.
 */
@CheckReturnValue
@NullMarked
package lossmith.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
