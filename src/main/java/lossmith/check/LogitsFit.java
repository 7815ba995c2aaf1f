package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.score.RecordedAgreement;

/**
 * {@code log_prob} against log softmax(z / T) at the sampled tokens. Where they disagree, the
 * mistakes that people make are tried one after the other: the column of another policy, logits one
 * row off, another temperature, both. A mistake is named where it leaves nine tokens of ten ten
 * times nearer, and near.
 */
final class LogitsFit implements RolloutCheck {
  private static final double NEAR = 0.02;
  private static final double MOST = 0.9;
  private static final double BETTER = 0.1;
  private static final int ENOUGH = 3;

  /** Temperatures that are tried, as powers of ten, and how many. */
  private static final double LOWEST = -1.5;

  private static final double HIGHEST = 1.5;
  private static final int TRIED = 61;
  private static final int SECTIONS = 45;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Logits that are read for one temperature. */
  private static final int READ = 5_000_000;

  private static final int FEWEST = 16;

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
                    .chosen()
                    .toList()
                    .map(chosen -> new Rows(recorded, logits, chosen)))
        .flatMap(
            rows -> recorded.perToken(Columns.LOG_PROB).toList().map(x -> of(recorded, rows, x)));
  }

  private RolloutFinding of(Recorded recorded, Rows rows, double[] x) {
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
    return cause(recorded, rows, x, nine(off))
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

  private Option<Cause> cause(Recorded recorded, Rows rows, double[] x, double asGiven) {
    for (String other : Recorded.LOG_PROBS.remove(Columns.LOG_PROB)) {
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
            ? "drop the first row of each response's logits: row t must be what token t was"
                + " sampled from"
            : "drop the last row of each response's logits and put what the first token was"
                + " sampled from before: row t must be what token t was sampled from",
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

  /** Nine of ten are at most that; infinite of too few. */
  private static double nine(double[] off) {
    double[] sorted = off.clone();
    Arrays.sort(sorted);
    return sorted.length < ENOUGH
        ? Double.POSITIVE_INFINITY
        : sorted[(int) Math.ceil(MOST * (sorted.length - 1))];
  }

  /** The logits, row by row, and the sampled tokens. */
  private record Rows(Recorded recorded, Grid logits, int[] chosen) {
    /** Tokens with a possible log-prob whose row, so many rows on, is one of their response. */
    int[] usable(double[] x, int shift) {
      return recorded.where(
          t ->
              Recorded.possible(x[t])
                  && t + shift >= 0
                  && t + shift < chosen.length
                  && recorded.response(t + shift) == recorded.response(t)
                  && recorded.slot(t + shift) == recorded.slot(t) + shift);
    }

    double[] logProbs(int[] tokens, int shift, double temperature) {
      return Arrays.stream(tokens)
          .parallel()
          .mapToDouble(t -> logProb(t + shift, chosen[t], temperature))
          .toArray();
    }

    private double logProb(int row, int entry, double temperature) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int v = 0; v < logits.width(); v++) {
        largest = Math.max(largest, logits.get(row, v));
      }
      double sum = 0;
      for (int v = 0; v < logits.width(); v++) {
        sum += Math.exp((logits.get(row, v) - largest) / temperature);
      }
      return (logits.get(row, entry) - largest) / temperature - Math.log(sum);
    }

    boolean agree(int token, double recordedAs, double computed, double temperature) {
      return RecordedAgreement.of(
          recordedAs, computed, RecordedAgreement.largest(logits, token) / temperature);
    }

    double distance(int[] tokens, double[] x, int shift, double temperature) {
      return nine(differences(tokens, x, shift, temperature));
    }

    private double[] differences(int[] tokens, double[] x, int shift, double temperature) {
      double[] computed = logProbs(tokens, shift, temperature);
      double[] off = new double[tokens.length];
      Arrays.setAll(off, i -> Math.abs(x[tokens[i]] - computed[i]));
      return off;
    }

    /** The temperature at which the sum of the differences is smallest, over some of the tokens. */
    double temperature(int[] tokens, double[] x, int shift) {
      int some = Math.max(FEWEST, READ / logits.width());
      int[] taken =
          tokens.length <= some
              ? tokens
              : IntStream.range(0, some)
                  .map(i -> tokens[(int) ((long) i * tokens.length / some)])
                  .toArray();
      DoubleUnaryOperator sum =
          power -> {
            double[] off = differences(taken, x, shift, Math.pow(10, power));
            return Arrays.stream(off).sum();
          };
      double step = (HIGHEST - LOWEST) / (TRIED - 1);
      double best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < TRIED; i++) {
        double here = sum.applyAsDouble(LOWEST + i * step);
        best = here < least ? LOWEST + i * step : best;
        least = Math.min(least, here);
      }
      return Math.pow(10, smallest(sum, best - step, best + step));
    }

    /** Golden section: where a function of one valley is smallest. */
    private static double smallest(DoubleUnaryOperator f, double from, double to) {
      double low = from;
      double high = to;
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      double atLeft = f.applyAsDouble(left);
      double atRight = f.applyAsDouble(right);
      for (int i = 0; i < SECTIONS; i++) {
        if (atLeft <= atRight) {
          high = right;
          right = left;
          atRight = atLeft;
          left = high - GOLDEN * (high - low);
          atLeft = f.applyAsDouble(left);
        } else {
          low = left;
          left = right;
          atLeft = atRight;
          right = low + GOLDEN * (high - low);
          atRight = f.applyAsDouble(right);
        }
      }
      return (low + high) / 2;
    }
  }
}
