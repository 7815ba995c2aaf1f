/**
 * Surrogates of the policy gradient that several recipes share: importance ratio times advantage,
 * clipped or not, of a token or of a response, and the KL estimators k1, k2, k3. No recipe lives
 * here.
 */
@CheckReturnValue
@NullMarked
package lossmith.recipes.surrogate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
