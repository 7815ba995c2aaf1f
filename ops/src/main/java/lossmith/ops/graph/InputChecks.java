package lossmith.ops.graph;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.PolicyChecks;

/** Checks samples and parameters against what was compiled, before anything runs. */
public final class InputChecks {
  private InputChecks() {}

  /**
   * All that does not fit of the data.
   *
   * @param samples the data
   * @param fed what the graph reads
   * @param float32 what the type of the numbers does not hold
   */
  public static Seq<Problem> problems(Samples samples, Iterable<Node> fed, Float32Checks float32) {
    Seq<Node.Input> inputs =
        List.ofAll(fed).filter(Node.Input.class::isInstance).map(Node.Input.class::cast);
    if (inputs.exists(input -> input.level() == Level.Name.VOCABULARY)) {
      int unused = samples.size(Level.Name.VOCABULARY); // throws where an array cannot hold them
    }
    return empty(samples)
        .appendAll(inputs.flatMap(input -> column(samples, input)))
        .appendAll(
            inputs.exists(input -> input.level() == Level.Name.VOCABULARY)
                    && samples.vocabulary() > 0
                ? PolicyChecks.tokens(samples, samples.vocabulary())
                : List.empty())
        .appendAll(float32.problems(samples, inputs));
  }

  /**
   * Columns that are there and would not be read.
   *
   * @param samples the data
   * @param absent the columns that a term stands for, because they were absent when it was bound
   */
  public static Seq<Problem> ignored(Samples samples, Set<String> absent) {
    return absent.toList().filter(samples::has).map(InputChecks::ignored);
  }

  private static Problem ignored(String name) {
    return Problem.of(
        "column",
        "samples with " + name + " for a loss that was bound without it",
        "the columns that it was bound to",
        "Compile.of(loss), which looks at the samples, or samples.without(\"" + name + "\")");
  }

  private static Seq<Problem> empty(Samples samples) {
    return samples.tokens() > 0
        ? List.empty()
        : List.of(
            Problem.of(
                "samples", "0 tokens", "at least one token", "samples that hold a response"));
  }

  /** The name of the data that an input reads. */
  public static String source(Node.Input input) {
    boolean policy = input.level() == Level.Name.VOCABULARY && input.name().equals(Columns.LOG_PI);
    return policy ? BoundLoss.LOGITS : input.name();
  }

  /** A column that is missing, or there at another level. */
  public static Option<Problem> column(Samples samples, Node.Input input) {
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

  /**
   * All that does not fit of the parameters.
   *
   * @param values parameters by name
   * @param parameters the parameters of the loss
   */
  public static Seq<Problem> parameters(Map<String, Double> values, Map<String, Range> parameters) {
    return values.toList().flatMap(value -> parameter(value._1, value._2, parameters));
  }

  /** Sizes that are no numbers of things. */
  public static Seq<Problem> sizes(Map<String, Long> sizes) {
    return sizes
        .toList()
        .filter(size -> size._2 <= 0)
        .map(
            size ->
                Problem.of("size", size._1 + " = " + size._2, "a number > 0", "a larger number"));
  }

  /** A grid that the loss reads and no matrix of the policy gives. */
  public static Option<Problem> matrix(Node.Input input, Set<String> matrices) {
    return Option.when(
        !matrices.contains(input.name()),
        () ->
            Problem.of(
                "column",
                "a policy without " + input.name(),
                "the " + input.level() + " grid " + input.name(),
                "a policy with that matrix among its grids or layers"));
  }

  private static Option<Problem> parameter(
      String name, double value, Map<String, Range> parameters) {
    Option<Range> range = parameters.get(name);
    if (range.isEmpty()) {
      String known = parameters.keySet().mkString(", ");
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
