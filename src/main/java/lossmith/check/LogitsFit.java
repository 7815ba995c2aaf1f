package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.bind.BoundLoss;

/**
 * {@code log_prob} against log softmax(z / T) at the sampled tokens. Where they disagree, the
 * mistakes that people make are tried one after the other: the column of another policy, logits one
 * row off, another temperature, both. A mistake is named where it leaves nine tokens of ten ten
 * times nearer, and near.
 */
final class LogitsFit implements RolloutCheck {
  private static final double NEAR = 0.02;
  private static final double BETTER = 0.1;

  private final double recordedAt;

  /**
   * A comparison.
   *
   * @param recordedAt the temperature T at which the columns were recorded
   */
  LogitsFit(double recordedAt) {
    this.recordedAt = recordedAt;
  }

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded
        .samples()
        .grid(BoundLoss.LOGITS)
        .toList()
        .flatMap(
            logits ->
                recorded
                    .samples()
                    .sampled()
                    .toList()
                    .map(chosen -> new LogitsRows(recorded, logits, chosen)))
        .flatMap(
            rows -> recorded.perToken(Columns.LOG_PROB).toList().map(x -> of(recorded, rows, x)));
  }

  private RolloutFinding of(Recorded recorded, LogitsRows rows, double[] x) {
    int[] tokens = recorded.where(t -> !Double.isNaN(x[t]));
    double[] computed = rows.logProbs(tokens, 0, recordedAt);
    double[] off = new double[tokens.length];
    Arrays.setAll(off, i -> Math.abs(x[tokens[i]] - computed[i]));
    int[] wrong =
        IntStream.range(0, tokens.length)
            .parallel()
            .filter(i -> !rows.agree(tokens[i], x[tokens[i]], computed[i], recordedAt))
            .toArray();
    if (wrong.length == 0) {
      return RolloutFinding.note(
              "logits-agree",
              "log_prob is that of the logits at all " + Counted.tokens(tokens.length))
          .with("tokens", tokens.length);
    }
    int worst = wrong[0];
    for (int i : wrong) {
      worst = off[i] > off[worst] ? i : worst;
    }
    String sentence =
        "log_prob is not that of the logits at "
            + wrong.length
            + " of "
            + Counted.tokens(tokens.length)
            + ", by up to "
            + Counted.number(off[worst])
            + " ("
            + recorded.token(tokens[worst])
            + ": "
            + Counted.number(x[tokens[worst]])
            + ", from the logits "
            + Counted.number(computed[worst])
            + ")";
    double farthest = off[worst];
    FilePlace first = recorded.token(tokens[wrong[0]]);
    return cause(recorded, rows, x, LogitsRows.nine(off))
        .map(
            cause ->
                RolloutFinding.error(
                        cause.code(), sentence + "; " + cause.sentence(), cause.remedy())
                    .with("shift", cause.shift())
                    .with("temperature", cause.temperature()))
        .getOrElse(
            () ->
                RolloutFinding.error(
                    "logits-disagree",
                    sentence,
                    "give the logits of the policy that log_prob is of, row by row of the tokens"))
        .with("worst_difference", farthest)
        .with("tokens", tokens.length)
        .at(wrong.length, first);
  }

  /** Why log-probs are not those of the logits. */
  private record Cause(
      String code, String sentence, String remedy, int shift, double temperature) {}

  private Option<Cause> cause(Recorded recorded, LogitsRows rows, double[] x, double asGiven) {
    for (String other : Columns.LOG_PROBS.remove(Columns.LOG_PROB)) {
      for (double[] y : recorded.perToken(other)) {
        if (fits(rows.distance(rows.usable(y, 0), y, 0, recordedAt), asGiven)) {
          return Option.some(
              new Cause(
                  "logits-of-another-policy",
                  "they are those of " + other,
                  "give the logits of the policy that is trained",
                  0,
                  recordedAt));
        }
      }
    }
    for (int shift : List.of(-1, 1)) {
      if (fits(rows.distance(rows.usable(x, shift), x, shift, recordedAt), asGiven)) {
        return Option.some(shifted(shift, recordedAt));
      }
    }
    for (int shift : List.of(0, -1, 1)) {
      int[] all = rows.usable(x, shift);
      double temperature = rows.temperature(all, x, shift);
      if (fits(rows.distance(all, x, shift, temperature), asGiven)) {
        return Option.some(shift == 0 ? tempered(temperature) : shifted(shift, temperature));
      }
    }
    return Option.none();
  }

  private Cause shifted(int shift, double temperature) {
    String row = shift < 0 ? "row before" : "row behind";
    return new Cause(
        "logits-shifted",
        "shifted by one row: it is that of the "
            + row
            + " each token"
            + (temperature == recordedAt ? "" : ", at temperature " + Counted.number(temperature)),
        shift < 0
            ? "start the logits one position earlier: a model's output at token t is what token"
                + " t + 1 is sampled from"
            : "start the logits one position later, at what the first token was sampled from",
        shift,
        temperature);
  }

  private Cause tempered(double temperature) {
    return new Cause(
        "logits-temperature",
        "another temperature: it is that of the logits at T = " + Counted.number(temperature),
        "--recorded-temperature " + Counted.number(temperature),
        0,
        temperature);
  }

  private static boolean fits(double distance, double asGiven) {
    return distance <= NEAR && distance <= BETTER * asGiven;
  }
}
