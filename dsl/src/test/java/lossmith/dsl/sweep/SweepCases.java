package lossmith.dsl.sweep;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.value;

import java.util.stream.Stream;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;

/** Losses by what they read besides the row, and how often their logits are read, by hand. */
final class SweepCases {
  private static final Detached<Token> A = given("a", Axis.TOKEN);

  /**
   * A loss.
   *
   * @param sweeps how often its logits are read
   * @param whole whether an entry's gradient needs all entries of its row
   */
  record Case(String name, int sweeps, boolean whole, Loss loss) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, int sweeps, Term<Token> x) {
    return new Case(name, sweeps, false, minimise(x.mean(ALL_TOKENS)));
  }

  private static Case whole(String name, int sweeps, Term<Token> x) {
    return new Case(name, sweeps, true, minimise(x.mean(ALL_TOKENS)));
  }

  private static Detached<Vocabulary> entry(double x) {
    return constant(x, Axis.VOCABULARY_ENTRY);
  }

  /** A weight for log π(y_t), and so for its slope. */
  private static Term<Token> weighted(Detached<Token> weight) {
    return logProb().weightedBy(weight);
  }

  /**
   * How often the logits are read: once where the slope of a row's statistics needs no other row,
   * and once more where it does; once more again for a statistic that needs another of all rows.
   */
  static Stream<Case> cases() {
    Term<Token> surrogate =
        Terms.min(ratio().times(A), ratio().clip(Clip.around(0.2, 0.2)).times(A));
    Detached<Token> h = entropy().stopGradient();
    Detached<Token> mean = h.mean(TOKENS).per(Axis.TOKEN);
    Detached<Vocabulary> everywhere = h.mean(ALL_TOKENS).per(Axis.VOCABULARY_ENTRY);
    Condition<Vocabulary> unlikely = logPi().below(everywhere.negated());
    Condition<Vocabulary> gained = reward().positive().per(Axis.VOCABULARY_ENTRY);
    Condition<Vocabulary> even = h.above(constant(1.2, Axis.TOKEN)).per(Axis.VOCABULARY_ENTRY);
    Detached<Vocabulary> fixed = logPi().stopGradient();
    Condition<Vocabulary> best = fixed.rank(VOCABULARY).below(entry(2));
    Term<Vocabulary> divergence = logPi().minus(referenceLogPi());
    return Stream.of(
        of("clipped", 1, surrogate.plus(entropy().scaledBy(parameter("beta", 1, 0, 1)))),
        of("data of other rows", 1, weighted(A.minus(A.mean(TOKENS).per(Axis.TOKEN)))),
        of("neighbouring data", 1, weighted(Terms.next(A, 2))),
        of("data returned", 1, weighted(Terms.scanBackward(A, A))),
        of("data ranked", 1, weighted(A.rank(TOKENS))),
        of("data in order", 1, weighted(A.sortedBy(A, TOKENS).plus(A.cumulativeSum(A, TOKENS)))),
        of(
            "data's middle",
            1,
            weighted(A.quantile(constant(0.3, Axis.SEQUENCE), TOKENS).per(Axis.TOKEN))),
        of("number of tokens", 1, weighted(count(TOKENS).per(Axis.TOKEN))),
        of("rows returned to data", 1, Terms.scanForward(entropy(), A)),
        of(
            "random",
            1,
            weighted(Terms.uniform(parameter("seed", 3, 0, 9), parameter("step", 1, 0, 9)))),
        of(
            "answers for rows",
            1,
            weighted(
                reward()
                    .positive()
                    .per(Axis.TOKEN)
                    .and(h.above(constant(1.2, Axis.TOKEN)).not())
                    .indicator())),
        of("likely entries", 1, weighted(count(VOCABULARY.where(logPi().above(entry(-1.5)))))),
        of("divergence", 1, probTimes(logPi(), divergence).sum(VOCABULARY)),
        of("answers for entries", 1, logPi().sum(VOCABULARY.where(gained.and(even)))),
        of("entries in a mean", 1, logPi().square().mean(VOCABULARY.where(gained.or(even)))),
        of(
            "numbers for entries",
            1,
            logPi().times(A.per(Axis.VOCABULARY_ENTRY)).square().sum(VOCABULARY)),
        whole("ranked entries", 1, logPi().exp().sum(VOCABULARY.where(best)).log()),
        whole(
            "cumulative sums",
            1,
            logPi().exp().cumulativeSum(fixed, VOCABULARY).square().sum(VOCABULARY)),
        whole(
            "sorted entries",
            1,
            logPi().sortedBy(fixed, VOCABULARY).times(referenceLogPi()).sum(VOCABULARY)),
        of("mean of the policy", 2, weighted(mean)),
        of("two means of it", 2, surrogate.times(mean).plus(entropy().times(mean.square()))),
        of("neighbouring rows", 2, weighted(Terms.previous(h, 1))),
        of("rows returned", 2, Terms.scanForward(entropy(), A).square()),
        of("rows ranked", 2, weighted(h.rank(TOKENS))),
        of("rows in order", 2, weighted(h.sortedBy(A, TOKENS))),
        of("sums of rows", 2, logProb().cumulativeSum(A, TOKENS).square()),
        of(
            "rows' middle",
            2,
            weighted(h.quantile(constant(0.3, Axis.SEQUENCE), TOKENS).per(Axis.TOKEN))),
        of(
            "rows counted",
            2,
            weighted(count(TOKENS.where(h.above(constant(1.2, Axis.TOKEN)))).per(Axis.TOKEN))),
        new Case("log of a mean", 2, false, minimise(ratio().mean(ALL_TOKENS).log())),
        new Case(
            "sequences",
            2,
            false,
            maximise(logProb().sum(TOKENS).exp().times(reward()).mean(ALL_SEQUENCES))),
        of("entries above a mean", 3, logPi().exp().sum(VOCABULARY.where(unlikely))),
        of(
            "a mean for entries",
            3,
            logPi().times(everywhere.exp()).square().sum(VOCABULARY).plus(surrogate)),
        of("nothing of the policy", 1, value().square()));
  }

  private SweepCases() {}
}
