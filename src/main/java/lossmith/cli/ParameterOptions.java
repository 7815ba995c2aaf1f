package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.score.Parameters;

/** Parameters given as {@code name=value}, checked against the objectives they are for. */
final class ParameterOptions {
  private ParameterOptions() {}

  static Map<String, Double> of(java.util.Map<String, String> given, Iterable<Loss> losses) {
    Map<String, Seq<Range>> ranges = Parameters.of(losses);
    Seq<String> known = ranges.keySet().toList();
    Map<String, Double> parameters = LinkedHashMap.empty();
    Seq<Problem> problems = Vector.empty();
    for (var entry : given.entrySet()) {
      String name = entry.getKey();
      double number = number(entry.getValue());
      problems =
          problems.appendAll(
              Parameters.problems(
                  name, entry.getValue(), number, ranges.getOrElse(name, List.empty()), known));
      parameters = parameters.put(name, number);
    }
    Problem.throwAll(problems);
    return parameters;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
