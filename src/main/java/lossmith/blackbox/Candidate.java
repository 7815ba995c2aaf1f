package lossmith.blackbox;

import java.util.Comparator;

/**
 * An objective that a loss may be. Of several that are as near as each other the plainest is named:
 * the one with the fewest choices beside the paper's own, then the one with the smallest term, then
 * the one that the catalogue lists first. So a recipe comes before its variants, and one with its
 * defaults before one whose parameters were chosen to fit.
 *
 * @param box what it gives
 * @param recipe the name of its recipe
 * @param choices how many choices are made beside the paper's own: of conventions, of a mean, of
 *     each parameter; a term that is added as it is seen explains itself, and counts as many
 * @param size how many nodes the term of the objective has
 */
record Candidate(BlackBox box, String recipe, int choices, int size) {
  /** The plainest first; a stable sort leaves those that are as plain in their order. */
  static final Comparator<Candidate> PLAINEST =
      Comparator.comparingInt(Candidate::choices).thenComparingInt(Candidate::size);

  /** What a term that is added counts. */
  private static final int ADDED = 10;

  String name() {
    return box.name();
  }

  /** The same with terms that are added. */
  Candidate with(AddedTerms other) {
    return new Candidate(other, recipe, choices + ADDED * other.count(), size);
  }

  /** The same with parameters that are chosen. */
  Candidate with(RecipeBox other, int parameters) {
    return new Candidate(other, recipe, choices + parameters, size);
  }
}
