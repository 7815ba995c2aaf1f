package lossmith.check;

import io.vavr.collection.Seq;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * Responses that were cut off: not finished, at the longest length. Lengths count from the first
 * entry of a row's lists to the last token of the policy.
 */
final class Overlong implements RolloutCheck {
  /** More, and the rewards are mostly of unfinished texts. */
  private static final double MOST = 0.5;

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded
        .perResponse(Columns.FINISHED)
        .toList()
        .flatMap(finished -> of(recorded, finished));
  }

  private static Seq<RolloutFinding> of(Recorded recorded, double[] finished) {
    int[] lengths =
        IntStream.range(0, recorded.responses())
            .map(s -> recorded.length(s) == 0 ? 0 : recorded.slot(recorded.start(s + 1) - 1) + 1)
            .toArray();
    int longest = IntStream.of(lengths).max().orElse(0);
    int[] cut =
        IntStream.range(0, lengths.length)
            .filter(s -> finished[s] == 0 && longest > 0 && lengths[s] == longest)
            .toArray();
    double share = cut.length / (double) lengths.length;
    String sentence =
        Counted.responses(cut.length)
            + " ("
            + Counted.percent(share)
            + ") "
            + (cut.length == 1 ? "is" : "are")
            + " not finished at the longest length, "
            + Counted.tokens(longest)
            + ": cut off there";
    return recorded.ofResponses(
        cut,
        (share > MOST
                ? RolloutFinding.warning(
                    "overlong", sentence, "allow longer responses, or leave these out of the loss")
                : RolloutFinding.note("overlong", sentence))
            .with("length", longest)
            .with("share", share));
  }
}
