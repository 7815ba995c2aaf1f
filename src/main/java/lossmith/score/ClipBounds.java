package lossmith.score;

/**
 * The bounds between which an objective's importance ratio is clipped.
 *
 * @param low the lower one
 * @param high the upper one
 */
public record ClipBounds(double low, double high) {}
