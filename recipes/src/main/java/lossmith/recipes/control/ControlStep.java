package lossmith.recipes.control;

import io.vavr.control.Option;

/**
 * What a controller did with a coefficient.
 *
 * @param coefficient the next one, at least 0
 * @param reason why it differs from what the controller's rule gives: it is clamped to a bound, or
 *     cannot move; none where it follows the rule
 */
public record ControlStep(double coefficient, Option<String> reason) {}
