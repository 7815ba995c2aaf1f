package lossmith.check;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * Sampling with top-k or top-p and recording log-probs of what was left: π(y) / Σ_kept π is never
 * below π(y), so the importance ratio is Σ_kept π, at most 1, although nothing moved. Between
 * policies with the same support the ratio is 1 on average, some tokens above and some below.
 */
final class TruncatedSupport implements RolloutCheck {
  /** Two engines of one policy differ by so much. */
  private static final double NOISE = 0.01;

  private static final double ALMOST_NONE = 0.01;
  private static final double SOME = 0.05;
  private static final int ENOUGH = 8;
  private static final double STANDARD_ERRORS = 4;

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded
        .gap()
        .toList()
        .filter(TruncatedSupport::shows)
        .map(gap -> finding(recorded, gap));
  }

  private static boolean shows(RolloutGap gap) {
    double[] ratios = gap.ratios();
    if (ratios.length < ENOUGH
        || gap.share(d -> d > NOISE) > ALMOST_NONE
        || gap.share(d -> d < -NOISE) < SOME) {
      return false;
    }
    double mean = Arrays.stream(ratios).average().orElse(1);
    double variance = Arrays.stream(ratios).map(r -> (r - mean) * (r - mean)).sum() / ratios.length;
    return mean + STANDARD_ERRORS * Math.sqrt(variance / ratios.length) < 1;
  }

  private static RolloutFinding finding(Recorded recorded, RolloutGap gap) {
    int[] higher =
        IntStream.range(0, gap.tokens().length)
            .filter(i -> gap.differences()[i] < -NOISE)
            .map(i -> gap.tokens()[i])
            .toArray();
    double[] kept = Arrays.stream(gap.ratios()).map(r -> Math.min(1, r)).toArray();
    double mean = Arrays.stream(kept).average().orElse(1);
    Arrays.sort(kept);
    double least = Spread.quantile(kept, ALMOST_NONE);
    double above = gap.share(d -> d < -NOISE);
    return RolloutFinding.warning(
            "truncated-support",
            Columns.ROLLOUT_LOG_PROB
                + " is above "
                + gap.trained()
                + " at "
                + Counted.percent(above)
                + " of tokens and below it at almost none: log-probs of a distribution that top-k"
                + " or top-p cut, renormalised. It kept "
                + Counted.number(mean)
                + " of the probability on average and "
                + Counted.number(least)
                + " at least",
            "record log-probs before the cut, or compute the policy's on the same support; the"
                + " ratio is not 1 where nothing moved")
        .with("kept_mean", mean)
        .with("kept_least", least)
        .with("share_above", above)
        .with("tokens", gap.tokens().length)
        .at(higher.length, recorded.token(higher[0]));
  }
}
