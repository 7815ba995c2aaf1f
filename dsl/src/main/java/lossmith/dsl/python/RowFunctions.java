package lossmith.dsl.python;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Softmax;
import lossmith.dsl.derivative.Derivative;

/**
 * The functions of a module that begin at logits or hidden states: what the objective reads of a
 * row of logits, and the gradient at a row, given those at what it reads.
 */
final class RowFunctions {
  private static final String LOG_PI = Columns.LOG_PI;
  private static final String INDENT = "    ";
  private static final String OF_ROW = "of_row";

  private final String objective;
  private final Signature of;
  private final Map<String, Node> statistics;
  private final Seq<String> live;
  private final Seq<String> found;
  private final Seq<Node.Input> given;
  private final Seq<Node.ParameterValue> settings;
  private final Seq<Node> kept;

  private RowFunctions(String objective, Signature of, Map<String, Node> statistics) {
    this.objective = objective;
    this.of = of;
    this.live = statistics.keySet().toList().filter(of.split().rest().gradients()::containsKey);
    this.statistics = statistics;
    this.found =
        of.columns()
            .map(Node.Input::name)
            .filter(statistics::containsKey)
            .sortBy(one -> live.contains(one) ? 0 : 1);
    Inputs read = Inputs.of(statistics.values());
    this.given =
        read.columns()
            .distinctBy(Node.Input::name)
            .reject(one -> one.name().equals(LOG_PI) || statistics.containsKey(one.name()));
    given
        .filter(one -> one.level() != Level.Name.TOKEN && one.level() != Level.Name.VOCABULARY)
        .forEach(
            one -> {
              throw RowMeaning.refused("reads " + one.name() + ", a number per " + one.level());
            });
    this.settings = read.parameters().reject(p -> p.name().equals(Columns.TEMPERATURE));
    RowMeaning unwritten = new RowMeaning(variables(List.empty()), Option.none());
    this.kept = kept(body(unwritten).read(gradient()));
  }

  /**
   * {@return the functions of an objective that reads statistics of the policy, nothing of another}
   *
   * @param objective the function over statistics
   * @param of what that is a function of
   * @throws lossmith.dsl.ProblemException where a statistic has no form over rows of logits
   */
  static Seq<String> of(String objective, Signature of) {
    Map<String, Node> policy = of.ofPolicy();
    return policy.isEmpty() ? List.empty() : new RowFunctions(objective, of, policy).functions();
  }

  private Seq<String> functions() {
    Slope slope = slope();
    RowEntries entries =
        new RowEntries(
            objective,
            of,
            found,
            live.size(),
            given,
            settings,
            GradientReach.of(of, statistics.keySet(), live));
    return List.of(statistics(slope.least), slope.text, entries.logits(), entries.hidden());
  }

  /**
   * The function that gives the gradient at rows of logits.
   *
   * @param text how it is written
   * @param least what finds {@link RowMeaning#LEAST}, which it then takes behind all others
   */
  private record Slope(String text, Option<String> least) {}

  private String statistics(Option<String> least) {
    RowMeaning meaning = new RowMeaning(variables(List.empty()), least);
    Assignments body = body(meaning);
    JoinedSums joined = new JoinedSums(statistics.values().appendAll(kept).map(body::read));
    Map<String, Node> nodes = statistics.mapValues(body::read).mapValues(joined::of);
    Seq<Node> more = kept.map(body::read).map(joined::of);
    body.use(nodes.values().appendAll(more));
    nodes.forEach((name, node) -> body.line(name, body.of(node).tensor().text()));
    Seq<String> results =
        found
            .appendAll(more.map(node -> body.of(node).text()))
            .appendAll(least.isDefined() ? RowMeaning.LEAST : List.empty());
    Seq<String> lines =
        meaning.withShared(
            body.returning(results.mkString(", ") + (results.size() == 1 ? "," : "")));
    return function(
        "statistics",
        List.empty(),
        "tuple[Tensor, ...]",
        "What is read of each row of log-probs: "
            + found.mkString(", ")
            + (results.size() == found.size() ? "." : "; then what their gradient reads of it."),
        meaning.least().map(call -> LargestOfRow.found(call, lines)).getOrElse(lines));
  }

  private Slope slope() {
    Seq<String> columns = List.range(0, kept.size()).map(i -> OF_ROW + (i == 0 ? "" : i + 1));
    Seq<String> arguments = live.map(RowFunctions::slopeOf).appendAll(columns);
    RowMeaning meaning = new RowMeaning(variables(arguments), Option.none());
    Assignments body = body(meaning);
    Node whole = body.read(gradient());
    Fold<Node> found = new Fold<>(new Rebuild());
    kept(whole)
        .zip(columns)
        .forEach(pair -> found.given(pair._1, Nodes.given(pair._2, Level.Name.TOKEN)));
    SlopeParts parts = SlopeParts.of(body.read(found.of(whole)));
    String result =
        parts.text(body, given.map(column -> Identifiers.of(column.name())).append(LOG_PI).toSet());
    String text =
        function(
            "slope",
            arguments.appendAll(meaning.least().isDefined() ? RowMeaning.LEAST : List.empty()),
            "Tensor",
            "The gradient at the logits of each row, by that at what is read of it.",
            meaning.withShared(body.returning(result)));
    return new Slope(text, meaning.least());
  }

  /**
   * What the gradient at a row reads of the whole row, whatever the gradients at its statistics
   * are. It is found where these are, so that a row is gone through once for its gradient.
   */
  private Seq<Node> kept(Node gradient) {
    return Graph.first(gradient, this::ofWholeRow);
  }

  private boolean ofWholeRow(Node node) {
    Seq<Node> below = Graph.below(List.of(node), Node::children);
    return node.level() == Level.Name.TOKEN
        && below.exists(Node.Reduce.class::isInstance)
        && !Graph.only(Node.Input.class, below)
            .exists(input -> live.map(RowFunctions::slopeOf).contains(input.name()));
  }

  private static String slopeOf(String statistic) {
    return "d_" + Identifiers.of(statistic);
  }

  /**
   * The gradient of Σ_t Σ_s d_s s at logits, of statistics s and given d_s. A single d multiplies
   * the gradient of its statistic, so that what that reads of a whole row does not wait for d.
   */
  private Node gradient() {
    Fold<Node> whole = new Fold<>(new Inlined());
    Seq<Node> inlined = live.map(name -> whole.of(statistics.get(name).get()));
    Seq<Node> slopes = live.map(name -> Nodes.given(slopeOf(name), Level.Name.TOKEN));
    if (live.size() == 1) {
      Node slope = Nodes.broadcast(slopes.head(), Level.Name.VOCABULARY);
      return Nodes.binary(BinaryOp.TIMES, atLogits(inlined.head()), slope);
    }
    return atLogits(
        inlined
            .zipWith(slopes, (one, slope) -> Nodes.binary(BinaryOp.TIMES, one, slope))
            .reduce((a, b) -> Nodes.binary(BinaryOp.PLUS, a, b)));
  }

  /** The gradient at logits of the sum of a number of each token. */
  private static Node atLogits(Node ofToken) {
    Map<String, Node> slopes =
        Derivative.of(Nodes.reduce(ReduceOp.SUM, ofToken, Level.Name.BATCH, 0, Option.none()));
    for (String other : slopes.keySet().remove(LOG_PI)) {
      throw Problem.of(
              "export",
              "a statistic of the policy that trains " + other + " too",
              "statistics that train the policy alone",
              "the objective over statistics, without logits")
          .exception();
    }
    return Softmax.pull(Softmax.varying(slopes.get(LOG_PI).get()));
  }

  /** Statistics in place of their columns. */
  private final class Inlined extends Rebuild {
    @Override
    public Node input(Node.Input node) {
      return statistics.get(node.name()).map(other -> new Fold<>(this).of(other)).getOrElse(node);
    }
  }

  private Map<String, String> variables(Seq<String> slopes) {
    return given
        .map(Node.Input::name)
        .appendAll(settings.map(Node.ParameterValue::name))
        .appendAll(List.of(LOG_PI, Columns.TEMPERATURE))
        .appendAll(statistics.keySet())
        .appendAll(slopes)
        .toLinkedMap(name -> Tuple.of(name, Identifiers.of(name)));
  }

  private Assignments body(RowMeaning meaning) {
    Identifiers names =
        new Identifiers(
            Helpers.names()
                .appendAll(meaning.variables())
                .appendAll(List.of("b", "logits", RowMeaning.TOKEN))
                .appendAll(meaning.shared())
                .appendAll(RowMeaning.LEAST)
                .append(LargestOfRow.PLACES));
    return new Assignments(meaning, names);
  }

  private String function(
      String name, Seq<String> more, String returns, String says, Seq<String> lines) {
    Seq<String> arguments =
        List.of("b: Batch")
            .appendAll(
                List.of("log_pi", RowMeaning.TOKEN)
                    .appendAll(given.map(column -> Identifiers.of(column.name())))
                    .appendAll(more)
                    .map(tensor -> tensor + ": Tensor"))
            .append("*")
            .append("temperature: float")
            .appendAll(settings.map(p -> Identifiers.of(p.name()) + ": float"));
    return "def "
        + name
        + arguments.mkString("(\n    ", ", ", "\n)")
        + " -> "
        + returns
        + ":\n    \"\"\""
        + says
        + "\"\"\"\n"
        + lines.map(line -> INDENT + line).mkString("\n");
  }
}
