/**
 * The policy: a small causal transformer on TensorFlow, sampling from it, and its optimiser. The
 * gradient of the logits comes from outside; the network only carries it on to the weights.
 */
@CheckReturnValue
@NullMarked
package lossmith.lab.policy;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
