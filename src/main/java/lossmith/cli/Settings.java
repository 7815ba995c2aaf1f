package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.Term;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Inputs;

/** Parameters given as {@code name=value}, checked against the objectives they are for. */
final class Settings {
  private Settings() {}

  static Map<String, Double> of(java.util.Map<String, String> given, Iterable<Loss> losses) {
    Map<String, Range> ranges = ranges(losses);
    Map<String, Double> settings = LinkedHashMap.empty();
    Seq<Problem> problems = Vector.empty();
    for (var entry : given.entrySet()) {
      String name = entry.getKey();
      Double number = number(entry.getValue());
      Range range = ranges.getOrElse(name, new Range(0, 0, 0));
      if (!ranges.containsKey(name)) {
        problems =
            problems.append(
                problem(name, "no parameter of these recipes", "one of " + names(ranges.keySet())));
      } else if (number.isNaN() || !range.contains(number)) {
        problems =
            problems.append(
                problem(
                    name,
                    "= " + entry.getValue(),
                    "a number in [" + range.low() + ", " + range.high() + "]"));
      } else {
        settings = settings.put(name, number);
      }
    }
    Problem.throwAll(problems);
    return settings;
  }

  /**
   * {@return the parameters of these objectives, by name; the temperature is one of every
   * objective}
   */
  static Map<String, Range> ranges(Iterable<Loss> losses) {
    List<Node> nodes = List.ofAll(losses).flatMap(loss -> loss.parts().values().map(Term::node));
    return Inputs.of(nodes)
        .settings()
        .foldLeft(
            LinkedHashMap.of(Columns.TEMPERATURE, Bound.TEMPERATURE),
            (all, s) -> all.put(s.name(), s.range()));
  }

  private static String names(Set<String> names) {
    return names.mkString(", ");
  }

  private static Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static Problem problem(String name, String wrote, String expected) {
    return Problem.of(
        "parameter", name + " " + wrote, expected, "--set " + name + "=NUMBER in that range");
  }
}
