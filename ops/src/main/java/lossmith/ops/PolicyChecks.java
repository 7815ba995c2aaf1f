package lossmith.ops;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.family.TNumber;

/** What can be wrong with big matrices, told before and after they are read. */
final class PolicyChecks {
  private PolicyChecks() {}

  /** All that does not fit between samples, matrices and what was compiled. */
  static Seq<Problem> before(
      Samples samples, Policy.Logits policy, int vocabulary, Class<? extends TNumber> type) {
    Shape expected = Shape.of(samples.tokens(), vocabulary);
    Seq<Problem> problems =
        List.of(
                matrix("logits", policy.logits(), expected, type),
                matrix("the gradient", policy.gradient(), expected, type))
            .appendAll(policy.grids().map(g -> matrix(g._1, g._2, expected, type)))
            .flatMap(problem -> problem);
    if (samples.tokens() == 0) {
      problems =
          problems.append(
              Problem.of(
                  "samples", "0 tokens", "at least one token", "samples that hold a response"));
    }
    return problems.appendAll(tokens(samples, vocabulary));
  }

  private static Option<Problem> matrix(
      String name, Matrix matrix, Shape expected, Class<? extends TNumber> type) {
    TNumber given = matrix.tensor();
    boolean fits = given.shape().equals(expected) && type.isInstance(given);
    return Option.when(
        !fits,
        () ->
            Problem.of(
                "matrix",
                name + " of shape " + given.shape() + ", " + kind(given.type()),
                "shape " + expected + " (tokens, vocabulary), " + kind(type),
                "a matrix of that shape and type"));
  }

  private static String kind(Class<?> type) {
    return type.getSimpleName().substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether each token has an entry of the vocabulary. */
  static Seq<Problem> tokens(Samples samples, int vocabulary) {
    if (samples.chosen().isEmpty()) {
      return List.of(
          Problem.of(
              "tokens",
              "samples without token ids",
              "the sampled entry of each token",
              "samples with token ids"));
    }
    int[] chosen = samples.chosen().get();
    return List.range(0, chosen.length)
        .filter(t -> chosen[t] < 0 || chosen[t] >= vocabulary)
        .headOption()
        .map(
            t ->
                Problem.of(
                    "tokens",
                    "token id " + chosen[t] + " at token " + t,
                    "an id from 0 to " + (vocabulary - 1),
                    "ids of the vocabulary of the logits"))
        .toList();
  }

  /** The first statistic that is not a number, and a chosen token that cannot be. */
  static Seq<Problem> after(Map<String, double[]> statistics) {
    return statistics.flatMap(s -> firstBad(s._1, s._2)).toList();
  }

  private static Option<Problem> firstBad(String name, double[] values) {
    for (int row = 0; row < values.length; row++) {
      boolean impossible = name.equals(Columns.LOG_PROB) && values[row] == Double.NEGATIVE_INFINITY;
      if (Double.isNaN(values[row]) || impossible) {
        return Option.some(
            Problem.of(
                "logits",
                name + " = " + values[row] + " at token " + row,
                impossible
                    ? "a logit above -inf for the sampled token"
                    : "logits that are numbers, -inf where an entry was not sampled",
                "finite logits in row " + row));
      }
    }
    return Option.none();
  }
}
