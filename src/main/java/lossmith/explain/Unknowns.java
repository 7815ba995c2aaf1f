package lossmith.explain;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.TypeElement;
import lossmith.dsl.Level;
import lossmith.dsl.Nearest;
import lossmith.explain.Shape.Sort;

/** Names that mean nothing where they stand. */
final class Unknowns {
  /** As many names as are read at a glance. */
  private static final int SHOWN = 3;

  /** What tensor libraries and papers call the verbs of a term. */
  private static final Map<String, String> ELSEWHERE =
      HashMap.ofEntries(
          Tuple.of("mul", "times"),
          Tuple.of("multiply", "times"),
          Tuple.of("add", "plus"),
          Tuple.of("sub", "minus"),
          Tuple.of("subtract", "minus"),
          Tuple.of("div", "dividedBy"),
          Tuple.of("divide", "dividedBy"),
          Tuple.of("neg", "negated"),
          Tuple.of("negate", "negated"),
          Tuple.of("clamp", "clip"),
          Tuple.of("detach", "stopGradient"),
          Tuple.of("detached", "stopGradient"),
          Tuple.of("stop_gradient", "stopGradient"),
          Tuple.of("scale", "scaledBy"),
          Tuple.of("shift", "shiftedBy"),
          Tuple.of("weight", "weightedBy"),
          Tuple.of("broadcast", "per"),
          Tuple.of("expand", "per"),
          Tuple.of("average", "mean"),
          Tuple.of("stddev", "std"),
          Tuple.of("where", "select"),
          Tuple.of("gt", "above"),
          Tuple.of("lt", "below"),
          Tuple.of("ge", "atLeast"),
          Tuple.of("le", "atMost"),
          Tuple.of("maximize", "maximise"),
          Tuple.of("minimize", "minimise"));

  private final Attributed read;
  private final KnownNames members;

  Unknowns(Attributed read) {
    this.read = read;
    this.members = new KnownNames(read);
  }

  /** What could be meant by a name that means nothing. */
  Option<Mistake> of(TreePath path) {
    Tree tree = path.getLeaf();
    TreePath parent = path.getParentPath();
    boolean called =
        parent.getLeaf() instanceof MethodInvocationTree call && call.getMethodSelect() == tree;
    if (tree instanceof IdentifierTree name) {
      return Option.some(alone(path, name.getName().toString(), called));
    }
    return tree instanceof MemberSelectTree select
        ? Option.some(member(path, select, called))
        : Option.none();
  }

  private Seq<TreePath> arguments(TreePath path, boolean called) {
    TreePath parent = path.getParentPath();
    return called
        ? List.<ExpressionTree>ofAll(((MethodInvocationTree) parent.getLeaf()).getArguments())
            .map(argument -> new TreePath(parent, argument))
        : List.empty();
  }

  private Mistake alone(TreePath path, String name, boolean called) {
    int start = read.start(path.getLeaf());
    int end = start + name.length();
    Seq<String> methods = members.inScope(path).map(CallSignature::name).distinct();
    Seq<String> words = members.words(path).distinct();
    Seq<Suggestion> meant = List.empty();
    Seq<TreePath> arguments = arguments(path, called);
    if (arguments.nonEmpty()) {
      meant = meant.appendAll(asVerb(path, name, arguments));
    }
    Seq<String> near = nearest(name, called ? methods : words);
    meant = meant.appendAll(near.map(other -> Suggestion.of(start, end, other, "")));
    if (!called) {
      meant =
          nearest(name, methods)
              .map(other -> Suggestion.of(start, end, other + "()", ""))
              .prependAll(methods.contains(name) ? List.empty() : meant)
              .appendAll(methods.contains(name) ? meant : List.empty());
    }
    if (!called
        && near.isEmpty()
        && path.getParentPath().getLeaf() instanceof MethodInvocationTree) {
      meant = meant.append(Suggestion.of(start, end, "\"" + name + "\"", ""));
    }
    boolean isWord =
        called
            && members
                .type("lossmith.dsl.Terms")
                .exists(type -> members.ofClass(type).exists(one -> one.name().equals(name)));
    if (called && arguments.isEmpty() && near.isEmpty()) {
      meant = meant.appendAll(asColumn(path, name));
    }
    Option<Suggestion> lacking = new Imports(read).of(name, isWord);
    meant = meant.prependAll(lacking);
    return new Mistake(
        start,
        end,
        name + (called ? "(...)" : "") + " is nothing here",
        lacking.isDefined()
            ? "an import of " + name
            : near.isEmpty()
                ? "a name of the algebra, or of what is imported"
                : "perhaps " + near.mkString(" or "),
        meant);
  }

  /** {@code advantage()} as a column of that name, per token or per response. */
  private Seq<Suggestion> asColumn(TreePath path, String name) {
    Tree call = path.getParentPath().getLeaf();
    Names names = new Names(read.imported(true));
    return List.of(Level.Name.TOKEN, Level.Name.SEQUENCE)
        .map(
            at ->
                Suggestion.of(
                    read.start(call),
                    read.end(call),
                    names.word("given(\"") + name + "\", " + names.axis(at) + ")",
                    "the column of that name, a number per " + Shape.element(at)));
  }

  /** {@code exp(x)} as {@code x.exp()}. */
  private Seq<Suggestion> asVerb(TreePath path, String name, Seq<TreePath> arguments) {
    TreePath first = arguments.head();
    Tree call = path.getParentPath().getLeaf();
    return nearest(name, verbs(first))
        .map(
            verb ->
                Suggestion.of(
                    read.start(call),
                    read.end(call),
                    read.bracketed(first)
                        + "."
                        + verb
                        + "("
                        + arguments.tail().map(one -> read.written(one.getLeaf())).mkString(", ")
                        + ")",
                    verb + " is a verb of " + read.shape(first).name()));
  }

  private Seq<String> verbs(TreePath path) {
    return members.ofValue(read.trees().getTypeMirror(path)).map(CallSignature::name).distinct();
  }

  private static Seq<String> nearest(String name, Seq<String> names) {
    return ELSEWHERE
        .get(name)
        .filter(names::contains)
        .<Seq<String>>map(List::of)
        .getOrElse(() -> Nearest.near(name, names).distinct().take(SHOWN));
  }

  private Mistake member(TreePath path, MemberSelectTree select, boolean called) {
    String name = select.getIdentifier().toString();
    int end = read.end(select);
    int start = end - name.length();
    TreePath of = new TreePath(path, select.getExpression());
    Option<TypeElement> type =
        read.element(of).filter(TypeElement.class::isInstance).map(TypeElement.class::cast);
    Seq<String> names =
        type.map(t -> members.ofClass(t).map(CallSignature::name).appendAll(members.constants(t)))
            .getOrElse(() -> verbs(of))
            .distinct();
    Seq<String> same = same(name, names);
    Seq<String> near = same.isEmpty() ? nearest(name, names) : same;
    Seq<Suggestion> other = near.map(one -> Suggestion.of(start, end, one, ""));
    Seq<Suggestion> brackets =
        !called && names.contains(name) ? List.of(Suggestion.of(end, end, "()", "")) : List.empty();
    boolean live = type.isEmpty() && read.shape(of).sort() == Sort.TERM;
    boolean detachedOnly = live && !names.contains(name) && detached().contains(name);
    int receiver = read.end(select.getExpression());
    Seq<Suggestion> stopped =
        detachedOnly
            ? List.of(
                Suggestion.of(
                    receiver, receiver, ".stopGradient()", "its value alone, without gradient"))
            : List.empty();
    String owner = type.map(t -> t.getSimpleName().toString()).getOrElse(read.shape(of).name());
    String what = type.isDefined() ? owner : read.shape(of).words();
    return new Mistake(
        start,
        end,
        type.isDefined() || read.shape(of).sort() == Sort.LOSS
            ? what + " has no " + name
            : name + " is no verb of " + what,
        detachedOnly
            ? "a detached term: what weights, bounds, orders or chooses carries no gradient"
            : brackets.nonEmpty()
                ? name + "(), with brackets"
                : near.isEmpty()
                    ? Nearest.among(name, names.sorted())
                    : "perhaps " + near.mkString(" or "),
        stopped
            .appendAll(brackets)
            .appendAll(called && type.isEmpty() ? asFunction(path, name, of) : List.empty())
            .appendAll(number(path, name, of, called))
            .appendAll(takenAway(path, name, of, called))
            .appendAll(other));
  }

  /** The verbs of the same operation. */
  private static Seq<String> same(String name, Seq<String> names) {
    return SameVerbs.named(name).filter(verb -> names.contains(verb) && !verb.equals(name));
  }

  private Seq<String> detached() {
    return members
        .type("lossmith.dsl.Detached")
        .map(type -> members.ofValue(type.asType()).map(CallSignature::name))
        .getOrElse(List.empty());
  }

  /** {@code x.select(y)} as {@code select(x, y)}. */
  private Seq<Suggestion> asFunction(TreePath path, String name, TreePath of) {
    Tree call = path.getParentPath().getLeaf();
    String arguments =
        arguments(path, true)
            .map(one -> read.written(one.getLeaf()))
            .prepend(read.written(of.getLeaf()))
            .mkString(", ");
    return members
        .inScope(path)
        .filter(one -> one.name().equals(name))
        .take(1)
        .map(
            one ->
                Suggestion.of(read.start(call), read.end(call), name + "(" + arguments + ")", ""));
  }

  /** {@code loss.minus(x)} as {@code loss.plus(maximise(x))}. */
  private Seq<Suggestion> takenAway(TreePath path, String name, TreePath of, boolean called) {
    Seq<TreePath> arguments = arguments(path, called);
    if (read.shape(of).sort() != Sort.LOSS
        || !name.equals("minus")
        || arguments.size() != 1
        || !read.shape(arguments.head()).sort().isTerm()) {
      return List.empty();
    }
    Tree call = path.getParentPath().getLeaf();
    return List.of(
        Suggestion.of(
            read.start(call),
            read.end(call),
            read.bracketed(of)
                + ".plus("
                + new Names(read.imported(true)).word("maximise(")
                + read.written(arguments.head().getLeaf())
                + "))",
            "a loss is minimised: what is taken away is maximised"));
  }

  /** {@code 0.5.times(x)} as {@code x.scaledBy(0.5)}. */
  private Seq<Suggestion> number(TreePath path, String name, TreePath of, boolean called) {
    Seq<TreePath> arguments = arguments(path, called);
    if (read.shape(of).sort() != Sort.NUMBER || arguments.size() != 1) {
      return List.empty();
    }
    Tree call = path.getParentPath().getLeaf();
    return Operators.withNumberFirst(
            name, read.written(of.getLeaf()), read.bracketed(arguments.head()))
        .map(text -> Suggestion.of(read.start(call), read.end(call), text, ""));
  }
}
