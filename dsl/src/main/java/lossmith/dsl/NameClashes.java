package lossmith.dsl;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.function.Function;

/** A name stands for one thing: finds the names in a graph that stand for two. */
final class NameClashes {
  private NameClashes() {}

  /**
   * {@return a problem for every parameter with two defaults or ranges, and for every column that
   * is read at two levels or that two things stand for where it is absent}
   *
   * @param roots the nodes that are fed together
   */
  static Seq<Problem> withTwoMeanings(Iterable<Node> roots) {
    Seq<Node> nodes = Graph.below(roots);
    Seq<Node.Input> columns = Graph.only(Node.Input.class, nodes).distinct();
    return twofold(Graph.parameters(roots), Node.ParameterValue::name, Node.ParameterValue::range)
        .map(NameClashes::parameter)
        .appendAll(twofold(columns, Node.Input::name, Node.Input::level).map(NameClashes::levels))
        .appendAll(
            twofold(
                    columns.filter(column -> column.otherwise().isDefined()),
                    Node.Input::name,
                    column -> Fingerprint.of(column.otherwise().get()))
                .map(NameClashes::defaults));
  }

  /** The things of one name that differ in what the name stands for, a list for each such name. */
  private static <T, M> Seq<Seq<T>> twofold(
      Seq<T> things, Function<T, String> name, Function<T, M> meaning) {
    Map<String, Seq<T>> named =
        things.foldLeft(
            LinkedHashMap.empty(),
            (all, thing) -> all.put(name.apply(thing), List.of(thing), Seq::appendAll));
    return named.values().map(same -> same.distinctBy(meaning)).filter(same -> same.size() > 1);
  }

  private static Problem parameter(Seq<Node.ParameterValue> two) {
    String name = two.head().name();
    return Problem.of(
        "parameter",
        "two parameters named "
            + name
            + ": "
            + two.map(Node.ParameterValue::range).mkString(" and "),
        "one default and one range for a name",
        "b.renamed(\""
            + name
            + "\", \"other_"
            + name
            + "\") before a.plus(b), or another name where one of them is made");
  }

  private static Problem levels(Seq<Node.Input> two) {
    String name = two.head().name();
    return Problem.of(
        "column",
        name
            + ", read as a column of level "
            + two.map(Node.Input::level).mkString(" and of level "),
        "one level for a column",
        "another name for one of them, or x.per(…) of the coarser one");
  }

  private static Problem defaults(Seq<Node.Input> two) {
    String name = two.head().name();
    return Problem.of(
        "column",
        name
            + ", for which "
            + two.map(column -> ShortText.of(column.otherwise().get())).mkString(" or ")
            + " would stand where the samples lack it",
        "one default for a column",
        "another name for one of them");
  }
}
