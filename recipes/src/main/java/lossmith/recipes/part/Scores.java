package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.parameter;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Term;
import lossmith.recipes.preference.PairScore;

/**
 * What a preference loss compares, x = Σ_t (log π − log π_ref) of a response: f'(e^x) but for a
 * constant, where the divergence that holds the policy near the reference is Σ_v π_ref f(π/π_ref).
 */
final class Scores {
  private Scores() {}

  private static Part<PairScore> score(String name, PairScore score) {
    return Part.of(Part.Kind.SCORE, name, score);
  }

  static Seq<Part<PairScore>> all() {
    return List.of(
        score("reverse-kl", PairScore.LOG_RATIO),
        score("forward-kl", PairScore.of(x -> clamped(x.negated()).exp().negated())),
        score("jensen-shannon", PairScore.of(Term::logSigmoid)),
        score("alpha-divergence", PairScore.of(Scores::power)));
  }

  /** At most 40: squared by a loss, e^40 is finite in float32 too. */
  private static Term<Group> clamped(Term<Group> exponent) {
    return exponent.clip(Clip.atMost(constant(40, BATCH)));
  }

  private static Term<Group> power(Term<Group> x) {
    Detached<Group> power = parameter("alpha", 0.5, 0, 0.9).shiftedBy(-1).per(GROUP);
    return clamped(x.weightedBy(power)).exp().dividedBy(power);
  }
}
