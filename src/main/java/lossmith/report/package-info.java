/**
 * Pages that a browser opens: the catalogue of recipes with its formulas as MathML, and the report
 * of runs and rollouts. A report is a Mustache template about data in JSON, which scripts beside it
 * draw; of numbers nothing is computed here but means over runs and lines through points. Terminal
 * output belongs to {@code lossmith.console}.
 */
@CheckReturnValue
@NullMarked
package lossmith.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
