package lossmith.dsl.python;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.python.PythonCode.Binding;

/**
 * The function of a module that computes columns of a whole batch, before anything of its policy is
 * known: advantages, and what each token counts.
 */
final class PreparedColumns {
  private static final String INDENT = "    ";

  private final Map<String, Node> columns;
  private final Inputs read;
  private final Map<String, String> variables;
  private final Assignments body;

  private PreparedColumns(Map<String, Node> columns) {
    this.columns = columns;
    this.read = Inputs.of(columns.values());
    Seq<String> inputs =
        read.columns()
            .map(Node.Input::name)
            .appendAll(read.parameters().map(Node.ParameterValue::name));
    Identifiers names = new Identifiers(Helpers.names().appendAll(List.of("b", "batch", "like")));
    this.variables = inputs.distinct().toLinkedMap(name -> Tuple.of(name, names.free(name)));
    this.body = new Assignments(new TorchMeaning(variables), names);
  }

  /** {@return what the function calls each column and parameter that it takes} */
  static Map<String, String> arguments(Map<String, Node> columns) {
    return new PreparedColumns(columns).variables;
  }

  /**
   * {@return the text of the function}
   *
   * @param name what to call it
   * @param columns by name
   */
  static String of(String name, Map<String, Node> columns) {
    return new PreparedColumns(columns).text(name);
  }

  private String text(String name) {
    Seq<Node.Input> inputs = read.columns().distinctBy(Node.Input::name);
    Seq<String> settings =
        read.parameters()
            .distinctBy(Node.ParameterValue::name)
            .map(p -> variables.get(p.name()).get() + ": float = " + initial(p));
    Seq<String> arguments =
        List.of("batch: Batch", "like: Tensor")
            .appendAll(inputs.map(input -> variables.get(input.name()).get() + ": Tensor"))
            .appendAll(settings.isEmpty() ? settings : settings.prepend("*"));
    inputs.forEach(
        input -> {
          String variable = variables.get(input.name()).get();
          body.line(variable, TorchModule.taken(input, variable));
        });
    Map<String, Node> nodes = columns.mapValues(body::read);
    body.use(nodes.values());
    Seq<String> entries = nodes.toList().map(one -> "\"" + one._1 + "\": " + value(one._2));
    body.lines("return {", entries.map(entry -> INDENT + entry + ","), "}");
    return "def "
        + name
        + arguments.map(one -> INDENT + one + ",\n").mkString("(\n", "", "")
        + ") -> dict[str, Tensor]:\n"
        + INDENT
        + "\"\"\"What is known of a whole batch before its policy is: a number per response, or per"
        + " slot.\"\"\"\n"
        + INDENT
        + "b = batch.like(like)\n"
        + INDENT
        + "with torch.no_grad():\n"
        + body.lines().map(line -> line.isEmpty() ? line : INDENT + INDENT + line).mkString("\n");
  }

  private String value(Node node) {
    String code = body.of(node).tensor().within(Binding.ATOM);
    return node.level() == Level.Name.SEQUENCE
        ? code + ".expand_as(b.group)"
        : "b.spread(" + body.of(node).tensor().text() + ")";
  }

  private static String initial(Node.ParameterValue parameter) {
    return TorchMeaning.number(parameter.range().initial());
  }
}
