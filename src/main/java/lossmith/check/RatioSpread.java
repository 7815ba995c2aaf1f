package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * How far the trainer's policy is from the one that sampled: the distribution of r =
 * exp(old_log_prob - rollout_log_prob) and of the size of the exponent over the tokens, and the
 * effective sample size (Σ r)² / Σ r² as a share of them.
 */
final class RatioSpread implements RolloutCheck {
  private static final double LOW = 0.9;
  private static final double HIGH = 1.1;

  /** One ratio in ten so far from 1 is more than two engines of one policy differ by. */
  private static final double OUTSIDE = 0.1;

  /** Below it, every tenth token counts for nothing. */
  private static final double EFFECTIVE = 0.9;

  private final boolean notes;

  /**
   * A look at the ratios.
   *
   * @param notes whether the distribution is told where nothing is wrong with it
   */
  RatioSpread(boolean notes) {
    this.notes = notes;
  }

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded.gap().toList().flatMap(gap -> of(recorded, gap));
  }

  private Seq<RolloutFinding> of(Recorded recorded, RolloutGap gap) {
    double[] d = gap.differences();
    double[] ratios = gap.ratios();
    int[] outside =
        IntStream.range(0, d.length).filter(i -> ratios[i] < LOW || ratios[i] > HIGH).toArray();
    double share = outside.length / (double) d.length;
    double effective = effective(d);
    boolean far = share > OUTSIDE || effective < EFFECTIVE;
    if (!far && !notes) {
      return List.empty();
    }
    double[] sizes = Arrays.stream(d).map(Math::abs).toArray();
    int worst = 0;
    for (int i = 0; i < sizes.length; i++) {
      worst = sizes[i] > sizes[worst] ? i : worst;
    }
    Spread ratio = Spread.of(ratios);
    Spread size = Spread.of(sizes);
    String sentence =
        "r = exp("
            + gap.trained()
            + " - "
            + Columns.ROLLOUT_LOG_PROB
            + ") of "
            + Counted.tokens(d.length)
            + ": "
            + ratio
            + ", "
            + Counted.percent(share)
            + " outside [0.9, 1.1], effective sample size "
            + Counted.percent(effective)
            + "; |log r|: "
            + size
            + "; log r is farthest from 0 at "
            + recorded.token(gap.tokens()[worst])
            + ": "
            + Counted.number(d[worst])
            + shown(recorded, gap.tokens()[worst]);
    RolloutFinding finding =
        far
            ? RolloutFinding.warning(
                "rollout-ratio",
                sentence,
                "correct for it (rollout-tis, rollout-icepop), or find what the engine computes"
                    + " otherwise: precision, temperature, weights")
            : RolloutFinding.note("rollout-ratio", sentence);
    FilePlace farthest = recorded.token(gap.tokens()[worst]);
    RolloutFinding whole =
        size.into(ratio.into(finding, "ratio"), "abs_difference")
            .with("share_outside", share)
            .with("effective_sample_size", effective)
            .with("worst_difference", d[worst])
            .with("worst_row", (double) farthest.row())
            .with("worst_entry", recorded.slot(gap.tokens()[worst]) + 1)
            .with("tokens", d.length);
    return List.of(
        outside.length == 0
            ? whole
            : whole.at(outside.length, recorded.token(gap.tokens()[outside[0]])));
  }

  /** (Σ r)² / (n Σ r²), with r divided by the largest so that nothing overflows. */
  private static double effective(double[] d) {
    double largest = Arrays.stream(d).max().orElse(0);
    double sum = 0;
    double squares = 0;
    for (double x : d) {
      double r = Math.exp(x - largest);
      sum += r;
      squares += r * r;
    }
    return sum * sum / (d.length * squares);
  }

  /** The token as text, where there is text. */
  private static String shown(Recorded recorded, int token) {
    int response = recorded.response(token);
    int last = recorded.slot(recorded.start(response + 1) - 1);
    return recorded
        .texts()
        .inContext(recorded.row(response), recorded.slot(token), last + 1)
        .map(text -> " (" + text + ")")
        .getOrElse("");
  }
}
