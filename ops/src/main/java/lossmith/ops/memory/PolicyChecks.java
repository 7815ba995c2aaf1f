package lossmith.ops.memory;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.family.TNumber;

/** Checks the matrices of a policy, before and after a pass reads them. */
public final class PolicyChecks {
  private static final String ENTRIES = "tokens, vocabulary";

  private final Precision precision;
  private final int vocabulary;
  private final Option<Head> head;

  private PolicyChecks(Precision precision, int vocabulary, Option<Head> head) {
    this.precision = precision;
    this.vocabulary = vocabulary;
    this.head = head;
  }

  public static PolicyChecks logits(Precision precision, int vocabulary) {
    return new PolicyChecks(precision, vocabulary, Option.none());
  }

  public static PolicyChecks hidden(Precision precision, Head head) {
    return new PolicyChecks(precision, head.vocabulary(), Option.some(head));
  }

  /** All that does not fit between samples, matrices and what was compiled. */
  public Seq<Problem> before(Samples samples, Policy policy) {
    Seq<Problem> problems =
        matrices(samples, policy)
            .appendAll(
                policy
                    .grids()
                    .flatMap(
                        g -> matrix(g._1, g._2, samples.tokens(), vocabulary, ENTRIES, given())));
    if (samples.tokens() == 0) {
      problems =
          problems.append(
              Problem.of(
                  "samples", "0 tokens", "at least one token", "samples that hold a response"));
    }
    return problems.appendAll(tokens(samples, vocabulary));
  }

  private Class<? extends TNumber> given() {
    return precision.matrices();
  }

  private Seq<Problem> matrices(Samples samples, Policy policy) {
    int tokens = samples.tokens();
    if (policy instanceof Policy.Logits whole && head.isEmpty()) {
      return List.of(
              matrix("logits", whole.logits(), tokens, vocabulary, ENTRIES, given()),
              matrix("the gradient", whole.gradient(), tokens, vocabulary, ENTRIES, given()))
          .flatMap(problem -> problem);
    }
    if (policy instanceof Policy.Hidden hidden && head.isDefined()) {
      Head to = head.get();
      Class<? extends TNumber> type = precision.type();
      return layer("", hidden.layer(), tokens, to.width(), to.bias(), given())
          .appendAll(
              layer("the gradient of ", hidden.gradient(), tokens, to.width(), to.bias(), type))
          .appendAll(to.layers().flatMap(name -> further(name, hidden, tokens)));
    }
    return List.of(
        Problem.of(
            "policy",
            head.isEmpty() ? "hidden states" : "logits",
            head.isEmpty() ? "Policy.Logits" : "Policy.Hidden",
            "the policy that the loss was compiled for, or Compile.of(loss)."
                + (head.isEmpty() ? "hidden(…)" : "vocabulary(…).logits()")));
  }

  private Seq<Problem> further(String name, Policy.Hidden policy, int tokens) {
    Option<Policy.Layer> layer = policy.layers().get(name);
    return layer.isDefined()
        ? layer(
            "the layer " + name + ": ",
            layer.get(),
            tokens,
            layer.get().hidden().columns(),
            false,
            given())
        : List.of(
            Problem.of(
                "layer",
                "no layer " + name,
                "the output layer that gives " + name,
                "layers with it"));
  }

  private Seq<Problem> layer(
      String of,
      Policy.Layer layer,
      long tokens,
      long width,
      boolean bias,
      Class<? extends TNumber> type) {
    Seq<Problem> problems =
        List.of(
                matrix(of + "hidden", layer.hidden(), tokens, width, "tokens, width", type),
                matrix(of + "weight", layer.weight(), vocabulary, width, "vocabulary, width", type))
            .appendAll(
                layer.bias().map(b -> matrix(of + "bias", b, 1, vocabulary, "1, vocabulary", type)))
            .flatMap(problem -> problem);
    return layer.bias().isDefined() == bias
        ? problems
        : problems.append(
            Problem.of(
                "bias",
                of + (bias ? "no bias" : "a bias"),
                bias ? "a bias, [1, vocabulary]" : "no bias",
                bias ? "a matrix for the bias" : "Head.withBias(), or a layer without"));
  }

  private static Option<Problem> matrix(
      String name,
      Matrix matrix,
      long rows,
      long columns,
      String axes,
      Class<? extends TNumber> type) {
    TNumber given = matrix.memory();
    Shape expected = Shape.of(rows, columns);
    Shape shape = Shape.of(matrix.rows(), matrix.columns());
    boolean fits = shape.equals(expected) && type.isInstance(given);
    return Option.when(
        !fits,
        () ->
            Problem.of(
                "matrix",
                name + " of shape " + shape + ", " + kind(given.type()),
                "shape " + expected + " (" + axes + "), " + kind(type),
                "a matrix of that shape and type"));
  }

  private static String kind(Class<?> type) {
    return type.getSimpleName().substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether each token has an entry of the vocabulary. */
  public static Seq<Problem> tokens(Samples samples, int vocabulary) {
    if (samples.sampled().isEmpty()) {
      return List.of(
          Problem.of(
              "tokens",
              "samples without token ids",
              "the sampled entry of each token",
              "samples with token ids"));
    }
    int[] sampled = samples.sampled().get();
    for (int t = 0; t < sampled.length; t++) {
      if (sampled[t] < 0 || sampled[t] >= vocabulary) {
        return List.of(
            Problem.of(
                "tokens",
                "token id " + sampled[t] + " at token " + t,
                "an id from 0 to " + (vocabulary - 1),
                "ids of the vocabulary of the logits"));
      }
    }
    return List.empty();
  }

  /** The first statistic that is not a number, and a sampled token that cannot be. */
  public static Seq<Problem> after(Map<String, double[]> statistics) {
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
