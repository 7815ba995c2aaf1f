package lossmith.conform.golden;

/**
 * A sum over the whole batch, with the magnitude of its summands.
 *
 * @param value the number
 * @param magnitude Σ|summands|, the scale on which it can be compared
 */
public record Total(double value, double magnitude) {}
