package lossmith.explain;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.TypeElement;
import lossmith.dsl.Level;
import lossmith.explain.Shape.Sort;

/** Calls of which no signature takes what is given. */
final class Calls {
  /** Verbs that do the same with another kind of argument. */
  static final Seq<Seq<String>> SAME =
      List.of(
          List.of("times", "scaledBy", "weightedBy"),
          List.of("plus", "shiftedBy"),
          List.of("clip", "clipBetween"));

  private final Attributed read;
  private final Members members;
  private final Names names;
  private final Ways ways;

  Calls(Attributed read) {
    this.read = read;
    this.members = new Members(read);
    this.names = new Names(read.imported(true));
    this.ways = new Ways(names);
  }

  /** A call, taken apart. */
  private record Call(
      TreePath path,
      String name,
      int nameStart,
      Option<TreePath> receiver,
      Seq<TreePath> arguments,
      Seq<Shape> shapes) {}

  private Call call(TreePath path) {
    MethodInvocationTree tree = (MethodInvocationTree) path.getLeaf();
    ExpressionTree select = tree.getMethodSelect();
    TreePath selected = new TreePath(path, select);
    Seq<TreePath> arguments =
        List.ofAll(tree.getArguments()).map(argument -> new TreePath(path, argument));
    String name =
        select instanceof MemberSelectTree member
            ? member.getIdentifier().toString()
            : select.toString();
    return new Call(
        path,
        name,
        read.end(select) - name.length(),
        select instanceof MemberSelectTree member
            ? Option.some(new TreePath(selected, member.getExpression()))
            : Option.none(),
        arguments,
        arguments.map(read::shape));
  }

  private Seq<Signature> all(Call call) {
    return call.receiver()
        .map(
            receiver ->
                read.element(receiver)
                    .filter(TypeElement.class::isInstance)
                    .map(type -> members.ofClass((TypeElement) type))
                    .getOrElse(() -> members.ofValue(read.trees().getTypeMirror(receiver))))
        .getOrElse(() -> members.inScope(call.path()));
  }

  /** What is wrong with a call; nothing, if all that is given fits. */
  Option<Mistake> of(TreePath path) {
    Call call = call(path);
    Seq<Signature> all = all(call);
    Seq<Signature> called = all.filter(one -> one.name().equals(call.name()));
    if (called.isEmpty() || called.exists(one -> one.takes(call.shapes()))) {
      return Option.none();
    }
    Seq<Signature> fitting =
        called
            .filter(one -> one.parameters().size() == call.shapes().size())
            .map(one -> one.given(call.shapes()))
            .sortBy(one -> cost(one, call));
    return Option.some(
        fitting.isEmpty()
            ? count(call, called, all)
            : misfit(
                call,
                fitting.takeWhile(one -> cost(one, call) == cost(fitting.head(), call)),
                all));
  }

  /** How far a signature is from what is given: kinds weigh more than levels and gradients. */
  private int cost(Signature signature, Call call) {
    return signature
        .misfits(call.shapes())
        .map(
            i -> {
              Sort asked = signature.parameters().get(i).sort();
              Sort given = call.shapes().get(i).sort();
              boolean alike = asked == given || (asked.isTerm() && given.isTerm());
              int gradient = asked == Sort.DETACHED ? 1 : 0;
              return (alike ? 2 : made(call, signature, i).isEmpty() ? 9 : 4) + gradient;
            })
        .sum()
        .intValue();
  }

  private Mistake misfit(Call call, Seq<Signature> fitting, Seq<Signature> all) {
    Signature nearest = fitting.head();
    int at = nearest.misfits(call.shapes()).head();
    TreePath argument = call.arguments().get(at);
    Shape given = call.shapes().get(at);
    Shape asked = nearest.parameters().get(at);
    Seq<Suggestion> converted = fitting.flatMap(one -> converted(call, one));
    Seq<Suggestion> receiver = lifted(call, asked, given);
    Seq<Suggestion> other = sameWith(call, all);
    boolean spread =
        given.sort() == Sort.OVER
            || (given.sort().isTerm()
                && given.level().exists(l -> asked.level().exists(l::finerThan)));
    return new Mistake(
        read.start(argument.getLeaf()),
        read.end(argument.getLeaf()),
        read.written(argument.getLeaf()) + " is " + given.words(),
        subject(call) + " takes " + asked.asked() + Why.of(asked, given),
        (given.sort() == Sort.NUMBER || given.sort() == Sort.PARAMETER || spread
            ? other.appendAll(receiver).appendAll(converted)
            : converted.appendAll(receiver).appendAll(other)));
  }

  private String subject(Call call) {
    return call.name()
        + call.receiver()
            .filter(one -> read.element(one).filter(TypeElement.class::isInstance).isEmpty())
            .map(one -> " of " + read.shape(one).name())
            .getOrElse("");
  }

  /** What is given, made into what is asked for. */
  private Seq<Suggestion> converted(Call call, Signature signature) {
    Seq<Integer> misfits = signature.misfits(call.shapes());
    Seq<Seq<Way>> each = misfits.map(i -> made(call, signature, i));
    int most = each.map(Seq::size).min().getOrElse(0);
    return List.range(0, most)
        .map(
            k ->
                new Suggestion(
                    misfits.zip(each).map(one -> argument(call, one._1, one._2.get(k).text())),
                    each.map(one -> one.get(k).meaning()).distinct().mkString("; ")));
  }

  private Seq<Way> made(Call call, Signature signature, int i) {
    return ways.of(
        bracketed(call.arguments().get(i)),
        call.shapes().get(i),
        signature.parameters().get(i),
        signature.words().get(i));
  }

  private Edit argument(Call call, int at, String text) {
    var tree = call.arguments().get(at).getLeaf();
    return new Edit(read.start(tree), read.end(tree), text);
  }

  /** What the call is made of, brought to the level of what is given. */
  private Seq<Suggestion> lifted(Call call, Shape asked, Shape given) {
    return call.receiver()
        .toList()
        .filter(one -> read.shape(one).sort().isTerm())
        .flatMap(one -> lifted(call, one, read.shape(one), asked, given));
  }

  private Seq<Suggestion> lifted(
      Call call, TreePath receiver, Shape from, Shape asked, Shape given) {
    Option<Level.Name> wanted = given.level();
    if (wanted.isEmpty() || wanted.equals(from.level())) {
      return List.empty();
    }
    if (call.name().equals("per") && from.level().exists(at -> at.finerThan(wanted.get()))) {
      return ways.of(bracketed(receiver), from, Shape.at(wanted.get()), "")
          .map(way -> replaced(call.path(), way));
    }
    return asked.sort() == given.sort() || (asked.sort().isTerm() && given.sort().isTerm())
        ? ways.of(bracketed(receiver), from, Shape.at(wanted.get()), "")
            .take(1)
            .reject(
                way ->
                    call.arguments().map(one -> read.written(one.getLeaf())).contains(way.text()))
            .map(way -> replaced(receiver, way))
        : List.empty();
  }

  private Suggestion replaced(TreePath path, Way way) {
    return Suggestion.of(
        read.start(path.getLeaf()), read.end(path.getLeaf()), way.text(), way.meaning());
  }

  /** The same with a verb that takes such arguments. */
  private Seq<Suggestion> sameWith(Call call, Seq<Signature> all) {
    Seq<Suggestion> verbs =
        SAME.filter(same -> same.contains(call.name()))
            .flatMap(same -> same)
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

  /** As many arguments as no signature has. */
  private Mistake count(Call call, Seq<Signature> called, Seq<Signature> all) {
    String given =
        call.shapes().isEmpty()
            ? "no argument"
            : "(" + call.shapes().map(Shape::name).mkString(", ") + ")";
    Seq<Suggestion> suggested =
        called
            .flatMap(one -> made(call, one))
            .appendAll(called.flatMap(one -> filled(call, one)))
            .appendAll(called.flatMap(one -> completed(call, one)))
            .appendAll(sameWith(call, all))
            .appendAll(called.flatMap(one -> left(call, one)));
    return new Mistake(
        call.nameStart(),
        read.end(call.path().getLeaf()),
        subject(call) + " is given " + given,
        called.map(Signature::asked).distinct().mkString(" or "),
        suggested);
  }

  /** All that is given, made into the one thing that is asked for by a factory of its class. */
  private Seq<Suggestion> made(Call call, Signature signature) {
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
        .map(
            one ->
                Suggestion.of(
                    start,
                    end,
                    asked + "." + one.name() + "(" + read.text().text().substring(start, end) + ")",
                    VerbHelp.meaning(one.name(), asked + "." + one.name() + "(").getOrElse("")));
  }

  /** With one argument more, of which there is something usual. */
  private Seq<Suggestion> filled(Call call, Signature signature) {
    if (signature.parameters().size() != call.shapes().size() + 1) {
      return List.empty();
    }
    Seq<String> written = call.arguments().map(one -> read.written(one.getLeaf()));
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
  private Seq<Suggestion> completed(Call call, Signature signature) {
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
  private Seq<Suggestion> left(Call call, Signature signature) {
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

  /** A text to which a dot and a verb can be added. */
  private String bracketed(TreePath path) {
    return bracketed(read, path);
  }

  static String bracketed(Attributed read, TreePath path) {
    String text = read.written(path.getLeaf());
    boolean simple =
        path.getLeaf() instanceof MethodInvocationTree
            || path.getLeaf() instanceof IdentifierTree
            || path.getLeaf() instanceof MemberSelectTree
            || path.getLeaf().getKind().asInterface() == com.sun.source.tree.LiteralTree.class
            || path.getLeaf().getKind() == com.sun.source.tree.Tree.Kind.PARENTHESIZED
            || path.getLeaf().getKind() == com.sun.source.tree.Tree.Kind.UNARY_MINUS;
    return simple ? text : "(" + text + ")";
  }
}
