package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.LogSoftmax;

/**
 * Samples in which all statistics of the policy that is trained are of one policy. With logits
 * every such column is computed from them, log softmax(z / T) at the temperature asked for;
 * without, the columns are taken as recorded, and no other temperature than theirs can be asked
 * for. Statistics that have no name of their own are no columns then, but come from the logits
 * where an objective reads them. Columns of other policies (old, reference, rollout) are never
 * computed again.
 */
final class OnePolicy {
  private OnePolicy() {}

  /**
   * {@return the samples with every statistic of the policy from one source; all columns that
   * disagree with the logits are reported at once}
   *
   * @param samples the rollouts
   * @param temperature T that is asked for
   * @param recorded T of the columns
   */
  static Samples of(Samples samples, double temperature, double recorded) {
    Problem.throwAll(
        range("the temperature", temperature)
            .appendAll(range("the columns' temperature", recorded)));
    if (samples.grid(BoundLoss.LOGITS).isEmpty()) {
      return asRecorded(samples, temperature, recorded);
    }
    Map<String, double[]> own = statistics(samples, recorded);
    Problem.throwAll(own.flatMap(column -> disagreement(samples, column._1, column._2, recorded)));
    Map<String, double[]> asked = temperature == recorded ? own : statistics(samples, temperature);
    Samples others =
        samples
            .columns()
            .filter(name -> asked.containsKey(name) || name.startsWith(StatisticsSplit.UNNAMED))
            .foldLeft(samples, Samples::without);
    return asked
        .filterValues(numbers -> Arrays.stream(numbers).allMatch(Double::isFinite))
        .foldLeft(others, (all, column) -> all.with(column._1, Level.Name.TOKEN, column._2));
  }

  private static Seq<Problem> range(String what, double temperature) {
    return BoundLoss.TEMPERATURE.contains(temperature)
        ? List.empty()
        : List.of(
            Problem.of(
                "parameter",
                what + " = " + temperature,
                "a number in ["
                    + BoundLoss.TEMPERATURE.low()
                    + ", "
                    + BoundLoss.TEMPERATURE.high()
                    + "]",
                Columns.TEMPERATURE + "=NUMBER in that range"));
  }

  private static Samples asRecorded(Samples samples, double temperature, double recorded) {
    if (temperature != recorded) {
      throw Problem.of(
              "temperature",
              "temperature = " + temperature + " without logits",
              recorded + ", the temperature at which the columns were recorded",
              "that temperature, or give the logits (--logits FILE.npy)")
          .exception();
    }
    if (!samples.columns().contains(Columns.LOG_PROB)) {
      throw Problem.of(
              "column",
              "samples without " + Columns.LOG_PROB,
              "the token column " + Columns.LOG_PROB + ", or logits",
              "one of them; of a file, --columns "
                  + Columns.LOG_PROB
                  + "=NAME where it is called otherwise, or --logits FILE.npy")
          .exception();
    }
    return samples;
  }

  /** The statistics that have a name; a mean of log π is not finite where an entry is masked. */
  private static Map<String, double[]> statistics(Samples samples, double temperature) {
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    int[] sampled = sampled(samples, logits.width());
    int tokens = logits.rows();
    double[] logProb = new double[tokens];
    double[] entropy = new double[tokens];
    double[] mean = new double[tokens];
    double[] squares = new double[tokens];
    IntStream.range(0, tokens)
        .parallel()
        .forEach(
            t -> {
              double[] logPi = LogSoftmax.of(logits, t, temperature);
              logProb[t] = logPi[sampled[t]];
              entropy[t] = LogSoftmax.entropy(logPi);
              double sum = 0;
              double sumOfSquares = 0;
              for (double x : logPi) {
                sum += x;
                sumOfSquares += Math.exp(2 * x);
              }
              mean[t] = sum / logPi.length;
              squares[t] = sumOfSquares;
            });
    Problem.throwAll(
        tokens(
            samples,
            t -> Double.isFinite(logProb[t]) && Double.isFinite(entropy[t]),
            "no finite log π of the sampled token"));
    return LinkedHashMap.of(
            Columns.LOG_PROB, logProb, Columns.ENTROPY, entropy, Columns.MEAN_LOG_PI, mean)
        .put(Columns.SUM_PI_SQUARED, squares);
  }

  /** The sampled entry of each token, one of the vocabulary. */
  private static int[] sampled(Samples samples, int width) {
    int[] sampled = samples.sampled().getOrElse(() -> new int[0]);
    Problem.throwAll(
        tokens(
            samples,
            t -> t < sampled.length && sampled[t] >= 0 && sampled[t] < width,
            "no sampled token of a vocabulary of " + width));
    return sampled;
  }

  /** The first token that is not as it must be. */
  private static Seq<Problem> tokens(Samples samples, IntPredicate right, String wrote) {
    return IntStream.range(0, samples.tokens())
        .filter(right.negate())
        .boxed()
        .findFirst()
        .<Seq<Problem>>map(
            t ->
                List.of(
                    Problem.of(
                        "logits",
                        place(samples, t) + ": " + wrote,
                        "the id of a sampled token that has a finite logit",
                        "the logits of these tokens")))
        .orElse(List.empty());
  }

  /** Where a column is not what the logits give at the temperature of the columns. */
  private static Seq<Problem> disagreement(
      Samples samples, String name, double[] computed, double recorded) {
    if (samples.level(name).getOrElse(Level.Name.BATCH) != Level.Name.TOKEN) {
      return List.empty();
    }
    double[] column = samples.column(name).get();
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    int[] wrong =
        IntStream.range(0, column.length)
            .parallel()
            .filter(
                t ->
                    !RecordedAgreement.of(
                        column[t], computed[t], RecordedAgreement.largest(logits, t) / recorded))
            .toArray();
    if (wrong.length == 0) {
      return List.empty();
    }
    int t = wrong[0];
    String more = wrong.length > 1 ? " (and " + (wrong.length - 1) + " more tokens)" : "";
    return List.of(
        Problem.of(
            "column",
            "column " + name + ", " + place(samples, t) + ": " + column[t] + more,
            computed[t] + ", what the logits give at temperature " + recorded,
            "the logits of the policy that the column is of, or the temperature it was recorded"
                + " at; the command check names the usual mistakes"));
  }

  private static String place(Samples samples, int token) {
    int sequence = samples.parent(Level.Name.TOKEN, token, Level.Name.SEQUENCE);
    int first = token;
    while (first > 0
        && samples.parent(Level.Name.TOKEN, first - 1, Level.Name.SEQUENCE) == sequence) {
      first--;
    }
    return "row " + (samples.sequenceIds()[sequence] + 1) + ", entry " + (token - first + 1);
  }
}
