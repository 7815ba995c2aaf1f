package lossmith.recipes.control;

import io.vavr.control.Option;

/**
 * What a controller did with a coefficient.
 *
 * @param coefficient the next one, at least 0
 * @param held why it is not what the controller's rule gives, where it is held at a bound or cannot
 *     move
 */
public record ControlStep(double coefficient, Option<String> held) {}
