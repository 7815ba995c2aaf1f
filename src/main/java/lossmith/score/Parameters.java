package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;

/** The parameters of objectives, and whether values given by name are theirs. */
public final class Parameters {
  private Parameters() {}

  /**
   * {@return the parameters that these objectives read, in parts or metrics, by name with every
   * range that one of them has; the temperature is one of every objective}
   */
  public static Map<String, Seq<Range>> of(Iterable<Loss> losses) {
    Map<String, Seq<Range>> ranges =
        LinkedHashMap.of(Columns.TEMPERATURE, List.of(BoundLoss.TEMPERATURE));
    for (Parameter parameter : List.ofAll(losses).flatMap(Loss::parameters)) {
      Seq<Range> known = ranges.getOrElse(parameter.name(), List.empty());
      ranges = ranges.put(parameter.name(), known.append(parameter.range()).distinct());
    }
    return ranges;
  }

  /**
   * {@return the problems of values: a name that is no parameter of any of these objectives, a
   * number outside the range of one that has it, NaN}
   *
   * @param values numbers by the parameter's name
   * @param losses the objectives
   */
  public static Seq<Problem> problems(Map<String, Double> values, Iterable<Loss> losses) {
    Map<String, Seq<Range>> ranges = of(losses);
    return values
        .toList()
        .flatMap(
            given ->
                problems(
                    given._1,
                    String.valueOf(given._2),
                    given._2,
                    ranges.getOrElse(given._1, List.empty()),
                    ranges.keySet().toList()));
  }

  /**
   * {@return the problems of one value}
   *
   * @param name of the parameter
   * @param written the value as it was written
   * @param value the number, NaN where what was written is none
   * @param ranges what the objectives that have the parameter allow; empty if none has it
   * @param known the names of all parameters
   */
  public static Seq<Problem> problems(
      String name, String written, double value, Seq<Range> ranges, Seq<String> known) {
    if (ranges.isEmpty()) {
      Seq<String> qualified = known.filter(other -> other.endsWith("_" + name));
      String meant =
          qualified.isEmpty() ? Nearest.to(name, known) : ": it is " + qualified.mkString(" or ");
      return List.of(
          Problem.of(
              "parameter",
              name + " = " + written + ", no parameter of these objectives" + meant,
              Nearest.among(name, known),
              "a name of that list"));
    }
    return ranges
        .filter(range -> !range.contains(value))
        .distinctBy(range -> range.low() + " to " + range.high())
        .map(
            range ->
                Problem.of(
                    "parameter",
                    name + " = " + written,
                    "a number in [" + range.low() + ", " + range.high() + "]",
                    name + "=NUMBER in that range"));
  }
}
