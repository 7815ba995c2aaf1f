package lossmith.ops;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.data.Samples;

/** Whether samples and parameters fit what was compiled, told before anything runs. */
final class Fitness {
  private Fitness() {}

  /**
   * All that does not fit.
   *
   * @param samples the data
   * @param values parameters by name
   * @param fed what the graph reads
   * @param settings the parameters of the loss
   */
  static Seq<Problem> problems(
      Samples samples,
      Map<String, Double> values,
      Iterable<Node> fed,
      Map<String, Range> settings) {
    Seq<Node.Input> inputs =
        List.ofAll(fed).filter(Node.Input.class::isInstance).map(Node.Input.class::cast);
    return empty(samples)
        .appendAll(inputs.flatMap(input -> column(samples, input)))
        .appendAll(
            inputs.exists(input -> input.level() == Level.Name.VOCABULARY)
                    && samples.vocabulary() > 0
                ? PolicyChecks.tokens(samples, samples.vocabulary())
                : List.empty())
        .appendAll(values.flatMap(value -> parameter(value._1, value._2, settings)));
  }

  private static Seq<Problem> empty(Samples samples) {
    return samples.tokens() > 0
        ? List.empty()
        : List.of(
            Problem.of(
                "samples", "0 tokens", "at least one token", "samples that hold a response"));
  }

  /** The name of the data that an input reads. */
  static String source(Node.Input input) {
    boolean policy = input.level() == Level.Name.VOCABULARY && input.name().equals(Columns.LOG_PI);
    return policy ? Bound.LOGITS : input.name();
  }

  private static Option<Problem> column(Samples samples, Node.Input input) {
    String name = source(input);
    if (input.level() == Level.Name.VOCABULARY) {
      return Option.when(samples.grid(name).isEmpty(), () -> missing("grid", name, input.level()));
    }
    Option<Level.Name> level = samples.level(name);
    if (level.isEmpty()) {
      return Option.some(missing("column", name, input.level()));
    }
    return Option.when(
        level.get() != input.level(),
        () ->
            Problem.of(
                "column",
                name + " with one number per " + level.get(),
                "one number per " + input.level(),
                "a column at that level"));
  }

  private static Problem missing(String kind, String name, Level.Name level) {
    return Problem.of(
        "column",
        "samples without " + name,
        "the " + level + " " + kind + " " + name,
        "samples with that " + kind);
  }

  private static Option<Problem> parameter(String name, double value, Map<String, Range> settings) {
    Option<Range> range = settings.get(name);
    if (range.isEmpty()) {
      String known = settings.keySet().mkString(", ");
      return Option.some(
          Problem.of(
              "parameter",
              name + " = " + value,
              known.isEmpty() ? "no parameter: this loss has none" : "one of " + known,
              "parameters that this loss has"));
    }
    return Option.when(
        !range.get().contains(value),
        () ->
            Problem.of(
                "parameter",
                name + " = " + value,
                "a number from " + range.get().low() + " to " + range.get().high(),
                "a value in that range"));
  }
}
