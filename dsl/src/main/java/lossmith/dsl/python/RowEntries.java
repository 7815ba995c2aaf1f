package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/**
 * The functions of a module that a program calls with logits or hidden states.
 *
 * @param objective the function over statistics
 * @param of what that is a function of
 * @param found the statistics, those first that carry gradient
 * @param live how many of them do
 * @param given the columns that rows are read with
 * @param settings the parameters that rows are read with, but for the temperature
 * @param reach how far the gradient at a token looks
 */
record RowEntries(
    String objective,
    Signature of,
    Seq<String> found,
    int live,
    Seq<Node.Input> given,
    Seq<Node.ParameterValue> settings,
    Level.Name reach) {
  /** {@return the function that begins at logits} */
  String logits() {
    return entry(
        "logits",
        List.of("logits"),
        "rows: int = 128",
        "overwrite: bool = False",
        "The same of logits [..., vocabulary], of which a few rows are looked at at a time.\n\n"
            + "    With `overwrite` their gradient takes their place, once.",
        "width = logits.shape[-1]",
        "b.slots(logits, \"logits\", width)",
        ", overwrite");
  }

  /** {@return the function that begins at hidden states} */
  String hidden() {
    return entry(
        "hidden",
        List.of("hidden", "weight"),
        "rows: int = 256",
        "",
        "The same of hidden states [..., width] and a weight [vocabulary, width].\n\n"
            + "    Logits are there a few rows at a time alone.",
        given.exists(column -> column.level() == Level.Name.VOCABULARY)
            ? "width = len(weight)"
            : "",
        "b.slots(hidden, \"hidden\", weight.shape[1]), weight",
        "");
  }

  private String entry(
      String from,
      Seq<String> tensors,
      String rows,
      String overwrite,
      String says,
      String width,
      String apply,
      String overwrites) {
    Seq<String> inputs = given.map(column -> Identifiers.of(column.name()));
    Seq<String> both =
        List.of("temperature").appendAll(settings.map(p -> Identifiers.of(p.name())));
    Seq<String> arguments =
        List.of("batch: Batch")
            .appendAll(tensors.append(RowMeaning.TOKEN).appendAll(inputs).map(t -> t + ": Tensor"))
            .append("*")
            .append("temperature: float = 1")
            .appendAll(
                settings.map(
                    p ->
                        Identifiers.of(p.name())
                            + ": float = "
                            + TorchMeaning.number(p.range().initial())))
            .append(rows)
            .append("compiled: bool = False")
            .appendAll(overwrite.isEmpty() ? List.empty() : List.of(overwrite))
            .append("**given: Any");
    Seq<String> slots =
        given.map(
            column ->
                "b.slots("
                    + Identifiers.of(column.name())
                    + ", \""
                    + column.name()
                    + "\", "
                    + (column.level() == Level.Name.VOCABULARY ? "width" : "1")
                    + ")");
    Seq<String> columns =
        of.columns()
            .map(Node.Input::name)
            .filter(name -> given.exists(column -> column.name().equals(name)))
            .appendAll(
                of.parameters()
                    .map(Node.ParameterValue::name)
                    .filter(
                        name ->
                            name.equals(Columns.TEMPERATURE)
                                || settings.exists(p -> p.name().equals(name))))
            .map(Identifiers::of)
            .appendAll(found)
            .map(name -> name + "=" + name);
    String call = objective + "(batch, " + columns.append("**given").mkString(", ") + ")";
    return "def "
        + objective
        + "_of_"
        + from
        + arguments.mkString("(\n    ", ",\n    ", ",\n)")
        + " -> tuple[Tensor, dict[str, Tensor]]:\n    \"\"\""
        + says
        + "\n    \"\"\"\n    b = batch.like("
        + tensors.head()
        + ")\n"
        + (width.isEmpty() ? "" : "    " + width + "\n")
        + "    inputs = ("
        + slots.prepend("b.slots(token, \"token\", 1)").mkString("", ", ", ",")
        + ")\n    settings = {"
        + both.map(name -> "\"" + name + "\": " + name).mkString(", ")
        + "}\n    rows_ = Rows(b, statistics, slope, "
        + (found.size() + ", " + live)
        + ", inputs, settings, rows, compiled"
        + overwrites
        + ")\n"
        + (from.equals("hidden")
            ? "\n    def of_rows("
                + found.map(name -> name + ": Tensor").mkString(", ")
                + (") -> tuple[Tensor, dict[str, Tensor]]:\n        return " + call)
                + "\n\n    return row_by_row(rows_, of_rows, "
                + (GradientReach.over(reach) + ", " + apply)
                + ")"
            : "    "
                + found.mkString(", ")
                + (found.size() == 1 ? "," : "")
                + " = OfLogits.apply(rows_, "
                + (apply + ")\n    return " + call));
  }
}
