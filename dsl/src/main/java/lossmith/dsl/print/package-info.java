/**
 * Objectives as text: a numbered listing, and formulas in Unicode and LaTeX. No HTML and no styles:
 * pages are made in {@code lossmith.report}.
 */
@CheckReturnValue
@NullMarked
package lossmith.dsl.print;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
