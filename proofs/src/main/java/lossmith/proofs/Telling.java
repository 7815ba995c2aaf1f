package lossmith.proofs;

import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;

/**
 * Which of several broken laws tells most: one mistake breaks many laws, of which some name the
 * term that is wrong and others only see that a number is.
 */
final class Telling {
  /** These say what was written and what was meant. */
  private static final Set<String> FIRST =
      HashSet.of(
          "presumption",
          "known-objective",
          "response-estimate",
          "token-estimate",
          "fixed-factor",
          "weight-one",
          "weight-direction",
          "mask-selects",
          "value-target",
          "value-held",
          "bounds-named",
          "sides-named",
          "part-named",
          "count-of-the-sum",
          "count-divides",
          "sum-divided",
          "divisor-guard",
          "coefficient-once",
          "label-weights",
          "penalty-minimum",
          "distillation-zero",
          "bonus-rewards");

  /** These are broken by most mistakes, and name none. */
  private static final Set<String> LAST =
      HashSet.of(
          "step-size",
          "bonus-size",
          "pair-size",
          "penalty-size",
          "value-size",
          "value-tails",
          "value-scale",
          "value-shift",
          "value-own-place",
          "distillation-size",
          "comparison-scale",
          "bounds-agreement",
          "importance-weight",
          "advantage-heard",
          "group-mean",
          "prompt-heard",
          "reward-heard",
          "reward-raises",
          "batch-mean",
          "response-mean",
          "single-precision",
          "ties-of-rounding",
          "summand-twice",
          "live-on-policy",
          "at-rest",
          "central-difference",
          "automatic");

  /** These compare with what is known, and say what is otherwise. */
  private static final Set<String> BY_COMPARISON =
      HashSet.of("known-objective", "response-estimate", "token-estimate");

  private Telling() {}

  /** Whether a law says itself what would mend the objective. */
  static boolean names(Finding finding) {
    return BY_COMPARISON.contains(finding.law().name());
  }

  /** Those whose place is a choice of this class. */
  static Set<String> ranked() {
    return FIRST.addAll(LAST).addAll(BY_COMPARISON);
  }

  /** The place of a law among those that are broken together: the less, the more it tells. */
  static int rank(Finding finding) {
    String law = finding.law().name();
    return FIRST.contains(law) ? 0 : LAST.contains(law) ? 2 : 1;
  }

  /** Those that are told in full: what tells least is left out where something names a mistake. */
  static Seq<Finding> shown(Seq<Finding> findings) {
    Seq<Finding> sorted = findings.toList().sortBy(Telling::rank);
    return sorted.exists(finding -> rank(finding) < 2)
        ? sorted.filter(finding -> rank(finding) < 2)
        : sorted;
  }
}
