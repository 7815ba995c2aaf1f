package lossmith.objective;

/**
 * A value that an expression may use by a name.
 *
 * @param name its name
 * @param type its type, as Java writes it with all packages
 * @param value the value
 */
public record NamedValue(String name, String type, Object value) {}
