package lossmith.conform.golden;

/**
 * A number of the whole batch and what was added up to it.
 *
 * @param value the number
 * @param magnitude Σ|summands|, the scale on which it can be compared
 */
public record Total(double value, double magnitude) {}
