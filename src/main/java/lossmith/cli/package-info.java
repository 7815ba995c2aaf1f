/**
 * The commands, one class each: what may be typed, and in which order the other packages are asked.
 * A command computes nothing and formats no page; what it prints is put together in {@code
 * console}, {@code report} and {@code score}.
 */
@CheckReturnValue
@NullMarked
package lossmith.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
