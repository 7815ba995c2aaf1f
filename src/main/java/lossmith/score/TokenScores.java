package lossmith.score;

import io.vavr.collection.Map;
import io.vavr.control.Option;

/**
 * The numbers of one objective on every token, a column each. A column that the objective lacks is
 * none, and a note gives the reason.
 *
 * @param ratio the importance ratio of the objective: its term named r, or s where that carries
 *     gradient, the ratio of the response at each of its tokens
 * @param advantage the advantage of the objective: its term named A, at each token of what it is
 *     the advantage of
 * @param weight dL/dlog π of the sampled token, where the policy enters through log π alone
 * @param below 1 where something clipped lies below its lower bound
 * @param above 1 where something clipped lies above its upper bound
 * @param entropy of the policy, in nats
 * @param natural the change of the entropy by a natural-gradient step of unit size, in nats
 * @param onLogits the change of the entropy by a step of unit size on the logits, in nats
 * @param notes why a ratio or an advantage is missing, or which of several terms it is
 */
public record TokenScores(
    Option<double[]> ratio,
    Option<double[]> advantage,
    Option<double[]> weight,
    Option<double[]> below,
    Option<double[]> above,
    Option<double[]> entropy,
    Option<double[]> natural,
    Option<double[]> onLogits,
    Map<String, String> notes) {}
