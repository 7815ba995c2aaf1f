/**
 * What a recipe is: a named objective with its source, its claims and the conventions it is read
 * under. The objectives themselves live in a package for each family ({@code policy}, {@code
 * offpolicy}, {@code entropy}, {@code critic}, {@code preference}, {@code regression}, {@code
 * reward}, {@code distil}) or under the name of the system whose variant they are ({@code verl},
 * {@code trl}, {@code liger}, {@code openrlhf}); the list of them all is in {@code catalogue}.
 * Nothing here may import a family.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
