package lossmith.proofs.subject;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.UnaryOperator;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.data.Samples;
import lossmith.proofs.trial.Trial;

/**
 * What of all cases are inputs of an objective.
 *
 * @param parameters the parameters, by name, that are drawn from less than their range
 * @param batches makes a batch as it is drawn one that the objective is meant for, such as with
 *     rewards of 0 and 1; the policy's statistics are added afterwards
 * @param taken the columns that these batches have from recorded data
 * @param kinds the kinds of data that are inputs of it
 */
public record Narrowing(
    Map<String, Range> parameters,
    UnaryOperator<Samples> batches,
    Set<String> taken,
    Set<Trial.Kind> kinds) {
  /** Every case. */
  public static final Narrowing NONE = new Narrowing(HashMap.empty(), UnaryOperator.identity());

  /** The same of every kind of data, of which nothing is recorded. */
  public Narrowing(Map<String, Range> parameters, UnaryOperator<Samples> batches) {
    this(parameters, batches, HashSet.empty(), LinkedHashSet.of(Trial.Kind.values()));
  }

  /** The ranges that are drawn from. */
  Map<String, Range> of(Map<String, Range> all) {
    return all.map((name, whole) -> Tuple.of(name, parameters.getOrElse(name, whole)));
  }

  /** A range of no parameter, or wider than that of the parameter, is a mistake. */
  Seq<Problem> mistakes(Map<String, Range> all) {
    return parameters
        .filter((name, range) -> !all.get(name).exists(whole -> within(range, whole)))
        .toList()
        .map(
            wrong ->
                Problem.of(
                    "parameters",
                    wrong._1 + " = " + wrong._2,
                    "a part of the range of one of "
                        + all.map(each -> each._1 + " = " + each._2).mkString(", "),
                    "a range within that of the parameter"));
  }

  private static boolean within(Range part, Range whole) {
    return whole.contains(part.low()) && whole.contains(part.high());
  }
}
