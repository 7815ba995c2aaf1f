package lossmith.recipes;

/**
 * Where an objective comes from.
 *
 * @param paper the title of the paper
 * @param where its section or equation
 * @param url its address
 */
public record Source(String paper, String where, String url) {}
