package lossmith.dsl.python;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.regex.Pattern;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.python.PythonCode.Binding;

/**
 * An objective as a PyTorch module: a function of the statistics of each token and of given
 * columns, which returns the loss, with its gradient in closed form, and what is logged.
 */
public final class TorchModule {
  private static final String INDENT = "    ";

  /** What makes numbers of the whole batch of those of its parts. */
  private static final List<String> PARTS = List.of("Sums", "all_ranks");

  private static final Pattern WHOLE =
      Pattern.compile("\\bb\\.(all_tokens|all_sequences|groups)\\b");

  private final String name;
  private final Signature of;
  private final Map<String, String> variables;
  private final Assignments body;

  private TorchModule(String name, Loss loss) {
    this.of = Signature.of(loss);
    Seq<String> inputs =
        of.columns()
            .map(Node.Input::name)
            .appendAll(of.parameters().map(Node.ParameterValue::name));
    this.name = Helpers.names().appendAll(inputs).contains(name) ? name + "_objective" : name;
    Identifiers names =
        new Identifiers(Helpers.names().appendAll(List.of("b", "batch", "metrics", this.name)));
    this.variables = inputs.distinct().toLinkedMap(input -> Tuple.of(input, names.free(input)));
    this.body = new Assignments(new TorchMeaning(variables), names);
  }

  /**
   * {@return the source of a module}
   *
   * @param name what to call the function; signs that Python does not take are replaced
   * @param documentation the text at the head of the module
   * @param loss the objective
   */
  public static String of(String name, String documentation, Loss loss) {
    TorchModule module = new TorchModule(Identifiers.of(name), loss);
    Either<String, Seq<String>> rows = module.rows();
    Seq<String> functions = rows.getOrElse(List.empty()).prepend(module.function());
    List<String> parts = functions.exists(WHOLE.asPredicate()) ? PARTS : List.empty();
    String without = rows.swap().map(why -> "\n\nNot from logits: " + why).getOrElse("");
    return ModuleText.of(
        documentation.strip() + without,
        "",
        module.exported(functions).appendAll(parts),
        functions,
        parts);
  }

  /**
   * {@return the source of a module in which another program calls the objective}
   *
   * @param name what to call the function
   * @param documentation the text at the head of the module
   * @param loss the objective, over what the program has
   * @param around what stands around it
   */
  public static String of(String name, String documentation, Loss loss, Surroundings around) {
    String function = new TorchModule(Identifiers.of(name), loss).function();
    Seq<String> prepared =
        around.prepared().isEmpty()
            ? List.empty()
            : List.of(PreparedColumns.of(Identifiers.of(name) + "_prepared", around.prepared()));
    return ModuleText.of(
        documentation.strip(),
        around.imports().strip() + "\n\n",
        List.of(around.exported()),
        prepared.append(function).append(around.code().strip()),
        List.empty());
  }

  /**
   * {@return what the function of {@link #of} calls each column and parameter that it takes}
   *
   * @param name the name of the function
   * @param loss the objective
   */
  public static Map<String, String> arguments(String name, Loss loss) {
    return new TorchModule(Identifiers.of(name), loss).variables;
  }

  /** {@return the same of the function of prepared columns} */
  public static Map<String, String> arguments(Map<String, Node> prepared) {
    return PreparedColumns.arguments(prepared);
  }

  /** The functions that begin at logits and at hidden states, or why there are none. */
  private Either<String, Seq<String>> rows() {
    try {
      return Either.right(RowFunctions.of(name, of));
    } catch (ProblemException e) {
      return Either.left(e.problems().map(Problem::wrote).mkString("; "));
    }
  }

  private Seq<String> exported(Seq<String> functions) {
    return List.of("Batch", name)
        .appendAll(
            functions.size() == 1
                ? List.empty()
                : List.of(name + "_of_logits", name + "_of_hidden"));
  }

  /** {@return what a module of this objective is called} */
  public static String name(String objective) {
    return Identifiers.of(objective);
  }

  /** {@return a number as Python writes it} */
  public static String number(double value) {
    return TorchMeaning.number(value);
  }

  private String function() {
    Seq<String> lines = lines();
    return signature() + lines.map(line -> line.isEmpty() ? line : INDENT + line).mkString("\n");
  }

  private String signature() {
    Seq<String> columns =
        of.columns()
            .map(
                column ->
                    variable(column.name())
                        + ": Tensor"
                        + (of.fallbacks().containsKey(column.name()) ? " | None = None" : ""));
    Seq<String> settings =
        of.parameters()
            .map(p -> variable(p.name()) + ": float = " + TorchMeaning.number(p.range().initial()));
    Seq<String> all =
        List.of("batch: Batch")
            .appendAll(columns)
            .appendAll(settings.isEmpty() ? settings : settings.prepend("*"));
    return "def "
        + name
        + all.map(one -> INDENT + one + ",\n").mkString("(\n", "", "")
        + ") -> tuple[Tensor, dict[str, Tensor]]:\n"
        + INDENT
        + "\"\"\"The loss of a batch, and what is logged.\"\"\"\n";
  }

  private String variable(String name) {
    return variables.getOrElse(name, name);
  }

  /** The lines of the function. */
  private Seq<String> lines() {
    Map<String, Node> gradients = of.split().rest().gradients();
    Seq<Node.Input> trained = of.columns().filter(column -> gradients.containsKey(column.name()));
    Seq<Node.Input> given = of.columns().removeAll(trained);
    String like = trained.appendAll(given).headOption().map(c -> variable(c.name())).getOrElse("");
    Seq<String> live = trained.map(column -> variable(column.name()) + " = " + taken(column));
    Map<String, Node> parts = of.split().rest().parts().mapValues(body::read);
    Map<String, Node> slopes =
        LinkedHashMap.ofEntries(
            trained.map(c -> Tuple.of(c.name(), body.read(gradients.get(c.name()).get()))));
    Map<String, Node> metrics = of.split().rest().metrics().mapValues(body::read);
    Map<String, Node> fallbacks = of.fallbacks().mapValues(body::read);
    body.use(
        List.ofAll(parts.values())
            .appendAll(slopes.values())
            .appendAll(metrics.values())
            .appendAll(fallbacks.values()));
    given
        .filter(column -> !of.fallbacks().containsKey(column.name()))
        .forEach(column -> body.line(variable(column.name()), taken(column)));
    fallbacks.forEach(this::optional);
    body.comment("The loss");
    String loss = loss(parts);
    body.comment("Its gradient");
    Seq<String> pairs =
        slopes
            .toList()
            .map(
                slope -> {
                  String name = body.free("d_" + slope._1);
                  body.line(name, body.of(slope._2).tensor().text());
                  String input = variable(slope._1);
                  return name + ", " + input;
                });
    log(metrics);
    Seq<String> lines = body.lines().map(line -> line.isEmpty() ? line : INDENT + line);
    return List.of("b = batch.like(" + like + ")")
        .appendAll(live)
        .append("with torch.no_grad():")
        .appendAll(lines)
        .append("return ClosedForm.apply(" + pairs.prepend(loss).mkString(", ") + "), metrics");
  }

  private String taken(Node.Input column) {
    return taken(column, variable(column.name()));
  }

  /** A column as the function reads it, checked and of the tokens that exist. */
  static String taken(Node.Input column, String variable) {
    String of = variable + ", \"" + column.name() + "\"";
    return switch (column.level()) {
      case TOKEN, VOCABULARY ->
          column.name().equals(Columns.POSITION) ? "b.position.to(b.one)" : "b.token(" + of + ")";
      case SEQUENCE -> "b.response(" + of + ")";
      case GROUP -> "b.prompt(" + of + ")";
      case BATCH -> "b.whole(" + of + ")";
    };
  }

  /** A column that may be absent. */
  private void optional(String column, Node fallback) {
    Node.Input input = of.columns().find(one -> one.name().equals(column)).get();
    String name = variable(column);
    String other = body.of(fallback).tensor().text();
    body.line(name, other + " if " + name + " is None else " + taken(input));
  }

  /** The loss, of which each part has its name if there are several. */
  private String loss(Map<String, Node> parts) {
    String loss = body.free("loss");
    if (parts.size() == 1) {
      body.line(loss, body.of(parts.values().head()).tensor().text());
      return loss;
    }
    Seq<String> names =
        parts
            .toList()
            .map(
                part -> {
                  String name = body.free(part._1);
                  body.line(name, body.of(part._2).tensor().text());
                  return name;
                });
    body.line(loss, names.mkString(" + "));
    return loss;
  }

  private void log(Map<String, Node> metrics) {
    if (metrics.isEmpty()) {
      body.line("metrics", "{}");
      return;
    }
    body.comment("What is logged");
    metrics.forEach((metric, node) -> body.hint(node, metric));
    Seq<String> entries =
        metrics
            .toList()
            .map(metric -> Tuple.of(metric._1, body.of(metric._2).tensor().within(Binding.ATOM)))
            .map(metric -> "\"" + metric._1 + "\": " + metric._2 + ".squeeze()");
    body.lines("metrics = {", entries.map(entry -> INDENT + entry + ","), "}");
  }
}
