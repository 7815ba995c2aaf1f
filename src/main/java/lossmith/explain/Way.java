package lossmith.explain;

/**
 * An expression made into one of another type.
 *
 * @param text what to write
 * @param meaning what it means
 */
record Way(String text, String meaning) {}
