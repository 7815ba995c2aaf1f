package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.explain.Shape.Sort;

/** One operation has several verbs, each for one kind of argument. */
final class SameVerbs {
  /** Verbs that do the same with another kind of argument. */
  private static final Seq<Seq<String>> SAME =
      List.of(
          List.of("times", "scaledBy", "weightedBy"),
          List.of("plus", "shiftedBy"),
          List.of("clip", "clipBetween"));

  private SameVerbs() {}

  /** The verbs of the operation that a verb stands for. */
  static Seq<String> named(String name) {
    return SAME.filter(same -> same.contains(name)).flatMap(same -> same);
  }

  /** The same with a verb that takes such arguments. */
  static Seq<Suggestion> of(Attributed read, Call call, Seq<CallSignature> all) {
    Seq<Suggestion> verbs =
        named(call.name())
            .filter(verb -> all.exists(one -> one.name().equals(verb) && one.takes(call.shapes())))
            .map(
                verb ->
                    Suggestion.of(
                        call.nameStart(), call.nameStart() + call.name().length(), verb, ""));
    if (call.shapes().size() != 1 || call.shapes().head().sort() != Sort.NUMBER) {
      return verbs;
    }
    String x = read.written(call.arguments().head().getLeaf());
    String turned =
        call.name().equals("minus")
            ? "shiftedBy(" + (x.startsWith("-") ? x.substring(1) : "-" + x) + ")"
            : call.name().equals("dividedBy") ? "scaledBy(1.0 / " + x + ")" : "";
    return turned.isEmpty()
        ? verbs
        : List.of(Suggestion.of(call.nameStart(), read.end(call.path().getLeaf()), turned, ""));
  }
}
