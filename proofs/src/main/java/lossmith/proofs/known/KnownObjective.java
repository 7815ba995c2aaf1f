package lossmith.proofs.known;

import lossmith.recipes.Source;

/**
 * A piece of an objective of the catalogue.
 *
 * @param name the recipe or part
 * @param source where it comes from
 * @param fragment the piece
 */
record KnownObjective(String name, Source source, Fragment fragment) {}
