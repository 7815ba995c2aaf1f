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
import lossmith.recipes.Source;
import lossmith.recipes.preference.PairScore;

/**
 * What a preference loss compares, x = Σ_t (log π − log π_ref) of a response: f'(e^x) but for a
 * constant, where the divergence that holds the policy near the reference is Σ_v π_ref f(π/π_ref).
 */
final class Scores {
  private Scores() {}

  private static Part<PairScore> score(String name, String title, String where, PairScore score) {
    Source source =
        new Source(
            "Beyond Reverse KL: Generalizing Direct Preference Optimization with Diverse Divergence"
                + " Constraints",
            where,
            "https://arxiv.org/abs/2309.16240");
    return new Part<>(Part.Kind.SCORE, name, title, source, score);
  }

  static Seq<Part<PairScore>> all() {
    return List.of(
        score(
            "reverse-kl",
            "x, the log-ratio of a response to the reference: the reverse divergence",
            "theorem 1, f'(t) = log t + 1",
            PairScore.LOG_RATIO),
        score(
            "forward-kl",
            "−e^(−x), at least −e^40: the forward divergence",
            "theorem 1, f'(t) = −1/t",
            PairScore.of(x -> clamped(x.negated()).exp().negated())),
        score(
            "jensen-shannon",
            "log σ(x): the Jensen-Shannon divergence",
            "theorem 1, f'(t) = log(2t / (1 + t))",
            PairScore.of(Term::logSigmoid)),
        score(
            "alpha-divergence",
            "e^((α − 1) x) / (α − 1), the exponent at most 40: an α-divergence",
            "theorem 1, f'(t) = t^(α−1) / (α − 1)",
            PairScore.of(Scores::power)));
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
