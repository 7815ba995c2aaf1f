/**
 * What a user names, as recipes: a name of the catalogue, parts joined with +, a class on the class
 * path, a Java source file, an expression. Every command that reads an objective reads it through
 * here.
 */
@CheckReturnValue
@NullMarked
package lossmith.objective;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
