/**
 * Pages and pictures that a browser opens: the catalogue of recipes with its formulas as MathML,
 * the report of runs and rollouts, and the curves of an objective. A report is a Mustache template
 * about data in JSON, which scripts beside it draw; of numbers nothing is computed here but means
 * over runs and lines through points. Terminal output belongs to {@code lossmith.console}.
 */
@CheckReturnValue
@NullMarked
package lossmith.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
