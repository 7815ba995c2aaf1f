package lossmith.blackbox;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.Comparator;

/**
 * An objective that a loss may be. Of several that are as near as each other the plainest is named:
 * one without terms that are added before one with them, a recipe that others vary before these,
 * then the one with the fewest choices beside the paper's own, then the one with the smallest term,
 * then the one that the catalogue lists first.
 *
 * @param box what it gives
 * @param recipe the name of its recipe
 * @param meaning the same of those that differ in nothing that the loss is asked
 * @param choices how many choices are made beside the paper's own: of conventions, of a mean, of
 *     each parameter; a term that is added as it is seen explains itself, and counts as many
 * @param size how many nodes the term of the objective has
 */
record Candidate(BlackBox box, String recipe, String meaning, int choices, int size) {
  /** What a term that is added counts: more choices than that are never made. */
  private static final int ADDED = 10;

  /** Recipes that others vary. */
  static final Set<String> COMMON =
      HashSet.of(
          "reinforce",
          "ppo",
          "grpo",
          "dapo",
          "dr-grpo",
          "gspo",
          "cispo",
          "sapo",
          "gmpo",
          "dpo",
          "opd");

  /** The plainest first; a stable sort leaves those that are as plain in their order. */
  static final Comparator<Candidate> PLAINEST =
      Comparator.<Candidate>comparingInt(one -> one.choices / ADDED)
          .thenComparing(one -> !COMMON.contains(one.recipe))
          .thenComparingInt(Candidate::choices)
          .thenComparingInt(Candidate::size);

  String name() {
    return box.name();
  }

  /** The same with terms that are added. */
  Candidate with(AddedTerms other) {
    return new Candidate(other, recipe, meaning, choices + ADDED * other.count(), size);
  }

  /** The same with parameters that are chosen. */
  Candidate with(RecipeBox other, int parameters) {
    return new Candidate(other, recipe, meaning, choices + parameters, size);
  }
}
