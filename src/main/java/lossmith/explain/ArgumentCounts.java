package lossmith.explain;

import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.explain.Shape.Sort;

/** Calls with as many arguments as no signature has. */
final class ArgumentCounts {
  /** A number as it is written in a text. */
  private static final String NUMBER = "-?(\\d+\\.?\\d*|\\.\\d+)(e-?\\d+)?";

  private final Attributed read;
  private final KnownNames members;
  private final Ways ways;

  ArgumentCounts(Attributed read, KnownNames members, Ways ways) {
    this.read = read;
    this.members = members;
    this.ways = ways;
  }

  Mistake of(Call call, Seq<CallSignature> called, Seq<CallSignature> all) {
    String given =
        call.shapes().isEmpty()
            ? "no argument"
            : "(" + call.shapes().map(Shape::name).mkString(", ") + ")";
    Seq<Suggestion> suggested =
        called
            .flatMap(one -> made(call, one))
            .appendAll(called.flatMap(one -> filled(call, one)))
            .appendAll(called.flatMap(one -> completed(call, one)))
            .appendAll(SameVerbs.of(read, call, all))
            .appendAll(called.flatMap(one -> left(call, one)));
    return new Mistake(
        call.nameStart(),
        read.end(call.path().getLeaf()),
        call.subject(read) + " is given " + given,
        called.map(CallSignature::asked).distinct().mkString(" or "),
        suggested);
  }

  /** All that is given, made into the one thing that is asked for by a factory of its class. */
  private Seq<Suggestion> made(Call call, CallSignature signature) {
    if (signature.parameters().size() != 1 || call.arguments().isEmpty()) {
      return List.empty();
    }
    String asked = signature.parameters().head().name();
    int start = read.start(call.arguments().head().getLeaf());
    int end = read.end(call.arguments().last().getLeaf());
    return members
        .type("lossmith.dsl." + asked)
        .toList()
        .flatMap(members::ofClass)
        .filter(one -> one.gives().name().equals(asked) && one.takes(call.shapes()))
        .sortBy(one -> asked.equals("Clip") && one.name().equals("around") && !widths(call) ? 1 : 0)
        .map(
            one ->
                Suggestion.of(
                    start,
                    end,
                    asked + "." + one.name() + "(" + read.text().text().substring(start, end) + ")",
                    VerbHelp.meaning(one.name(), asked + "." + one.name() + "(").getOrElse("")));
  }

  /**
   * Whether two bounds may be widths around 1: with 1 between them, they are bounds as they are.
   */
  private boolean widths(Call call) {
    return call.arguments()
        .map(one -> read.written(one.getLeaf()))
        .forAll(text -> !text.matches(NUMBER) || isWidth(Double.parseDouble(text)));
  }

  private static boolean isWidth(double number) {
    return number >= 0 && number < 1;
  }

  /** With one argument more, of which there is something usual. */
  private Seq<Suggestion> filled(Call call, CallSignature signature) {
    if (signature.parameters().size() != call.shapes().size() + 1) {
      return List.empty();
    }
    Seq<String> written = call.arguments().map(one -> read.written(one.getLeaf()));
    if (call.name().equals("around") && written.size() == 1) {
      int end = read.end(call.arguments().head().getLeaf());
      return List.of(Suggestion.of(end, end, ", " + written.head(), "as far on either side"));
    }
    return List.range(0, signature.parameters().size())
        .flatMap(
            i ->
                usual(signature.parameters().get(i))
                    .filter(
                        one -> {
                          Seq<Shape> with = call.shapes().insert(i, signature.parameters().get(i));
                          return signature.given(with).misfits(with).isEmpty();
                        })
                    .map(
                        way ->
                            Suggestion.of(
                                call.nameStart() + call.name().length(),
                                read.end(call.path().getLeaf()),
                                "(" + written.insert(i, way.text()).mkString(", ") + ")",
                                way.meaning())));
  }

  /** With the numbers that are missing at the end: 0, 1, and so on. */
  private Seq<Suggestion> completed(Call call, CallSignature signature) {
    Seq<Shape> missing = signature.parameters().drop(call.shapes().size());
    boolean numbers =
        missing.size() > 1
            && missing.forAll(one -> one.sort() == Sort.NUMBER)
            && signature.takes(call.shapes().appendAll(missing));
    int last = read.end(call.path().getLeaf()) - 1;
    return numbers
        ? List.of(
            Suggestion.of(
                last,
                last,
                List.range(0, missing.size()).map(i -> ", " + i).mkString(),
                signature.words().drop(call.shapes().size()).mkString(", ")))
        : List.empty();
  }

  private Seq<Way> usual(Shape asked) {
    return switch (asked.sort()) {
      case OVER, AXIS -> ways.of("", Shape.unknown(), asked, "");
      case NUMBER -> List.of(new Way("0", ""), new Way("1", ""));
      case OTHER ->
          asked.name().equals("Conventions")
              ? List.of(new Way("Conventions.paper()", "as the paper has it"))
              : List.empty();
      default -> List.empty();
    };
  }

  /** Without the arguments that nobody asks for. */
  private Seq<Suggestion> left(Call call, CallSignature signature) {
    int asked = signature.parameters().size();
    if (asked >= call.shapes().size() || !signature.takes(call.shapes().take(asked))) {
      return List.empty();
    }
    Seq<TreePath> first = call.arguments().take(asked);
    return List.of(
        Suggestion.of(
            call.nameStart() + call.name().length(),
            read.end(call.path().getLeaf()),
            "(" + first.map(one -> read.written(one.getLeaf())).mkString(", ") + ")",
            ""));
  }
}
