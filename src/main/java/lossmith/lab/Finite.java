package lossmith.lab;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.print.Formula;
import lossmith.dsl.reference.Reference;
import lossmith.lab.task.Alphabet;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Matrix;

/** Finds where a number comes from that is none: in which sub-term, at which token. */
final class Finite {
  static final String CODE = "not-finite";

  private final Loss loss;
  private final Map<String, Double> parameters;
  private final Alphabet symbols;

  Finite(Loss loss, Map<String, Double> parameters, Alphabet symbols) {
    this.loss = loss;
    this.parameters = parameters;
    this.symbols = symbols;
  }

  /** Refuses a loss that is no number. */
  static void require(Evaluation evaluation) {
    if (!Double.isFinite(evaluation.value())) {
      throw problem("a loss of " + evaluation.value() + parts(evaluation)).exception();
    }
  }

  /** The first token with a logit that is no number. */
  Option<Problem> logits(Batch batch, Matrix logits) {
    return badRow(logits)
        .map(
            token ->
                problem(
                    "logits that are no numbers at token "
                        + token
                        + ", "
                        + batch.around(symbols, token)));
  }

  /** The first token whose value is no number. */
  Option<Problem> values(Batch batch, double[] values) {
    return badToken(values)
        .map(
            token ->
                problem(
                    "a value of the critic that is no number at token "
                        + token
                        + ", "
                        + batch.around(symbols, token)));
  }

  /**
   * What is wrong with a loss and its gradient.
   *
   * @param batch the responses
   * @param samples their columns, which are asked for where something is wrong
   * @param logits finite
   * @param gradient dL/dlogits
   * @param evaluation the loss, and its gradient by the value where there is a critic
   */
  Option<Problem> loss(
      Batch batch,
      Supplier<Samples> samples,
      Matrix logits,
      Matrix gradient,
      Evaluation evaluation) {
    Option<Integer> row =
        badRow(gradient)
            .orElse(() -> evaluation.gradients().get(Columns.VALUE).flatMap(Finite::badToken));
    if (Double.isFinite(evaluation.value()) && row.isEmpty()) {
      return Option.none();
    }
    String what =
        Double.isFinite(evaluation.value())
            ? "a gradient that is no number"
            : "a loss of " + evaluation.value();
    Option<Found> found = subTerm(samples.get(), logits);
    Option<Integer> token = found.flatMap(Found::token).orElse(row);
    return Option.some(
        problem(
            what
                + found
                    .map(one -> " by the sub-term " + one.formula())
                    .getOrElse(() -> parts(evaluation))
                + token
                    .map(at -> " at token " + at + ", " + batch.around(symbols, at))
                    .getOrElse("")));
  }

  private static String parts(Evaluation evaluation) {
    Seq<String> bad =
        evaluation.parts().filterValues(part -> !Double.isFinite(part)).keySet().toList();
    return bad.isEmpty() ? "" : " by the part " + bad.mkString(", ");
  }

  private static Problem problem(String what) {
    return Problem.of(
        CODE,
        what,
        "finite numbers",
        "a smaller --learning-rate or --clip-norm, or a guarded loss");
  }

  private static Option<Integer> badRow(Matrix matrix) {
    int columns = (int) matrix.columns();
    float[] numbers = new float[(int) matrix.rows() * columns];
    matrix.read(0, numbers);
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        return Option.some(i / columns);
      }
    }
    return Option.none();
  }

  private static Option<Integer> badToken(double[] numbers) {
    for (int t = 0; t < numbers.length; t++) {
      if (isBad(numbers[t])) {
        return Option.some(t);
      }
    }
    return Option.none();
  }

  /**
   * A term that is no number, though all that it is made of is.
   *
   * @param formula the term
   * @param token the first token at which it is none, if it has a number for each
   */
  private record Found(String formula, Option<Integer> token) {}

  /** Evaluated slowly and exactly: this is done once, when a run has failed. */
  private Option<Found> subTerm(Samples samples, Matrix logits) {
    int columns = (int) logits.columns();
    Samples whole = samples.with(BoundLoss.LOGITS, Grid.of(logits.numbers(), columns));
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, samples.columns().add(BoundLoss.LOGITS));
    Reference reference = new Reference(whole, parameters);
    return Graph.below(List.of(bound.value()).appendAll(bound.gradients().values()), Node::children)
        .find(node -> isBad(reference.of(node)))
        .map(node -> new Found(inOneLine(node), token(node, reference.of(node), columns)));
  }

  private static String inOneLine(Node node) {
    return Formula.unicode(node).replaceAll("\\s+", " ");
  }

  private static boolean isBad(double[] numbers) {
    return Arrays.stream(numbers).anyMatch(Finite::isBad);
  }

  /** Training is in single precision, which ends earlier than the numbers of the reference. */
  private static boolean isBad(double number) {
    return !Float.isFinite((float) number);
  }

  private static Option<Integer> token(Node node, double[] numbers, int vocabulary) {
    int perToken =
        node.level() == Level.Name.TOKEN
            ? 1
            : node.level() == Level.Name.VOCABULARY ? vocabulary : 0;
    for (int i = 0; perToken > 0 && i < numbers.length; i++) {
      if (isBad(numbers[i])) {
        return Option.some(i / perToken);
      }
    }
    return Option.none();
  }
}
