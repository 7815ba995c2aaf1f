package lossmith.explain;

import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.TypeElement;
import lossmith.dsl.Level;
import lossmith.explain.Shape.Sort;

/** Calls of which no signature takes what is given. */
final class Calls {
  private final Attributed read;
  private final KnownNames members;
  private final Ways ways;

  Calls(Attributed read) {
    this.read = read;
    this.members = new KnownNames(read);
    this.ways = new Ways(new Names(read.imported(true)));
  }

  private Seq<CallSignature> all(Call call) {
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
    Call call = Call.of(read, path);
    Seq<CallSignature> all = all(call);
    Seq<CallSignature> called = all.filter(one -> one.name().equals(call.name()));
    if (called.isEmpty() || called.exists(one -> one.takes(call.shapes()))) {
      return Option.none();
    }
    Seq<CallSignature> fitting =
        called
            .filter(one -> one.parameters().size() == call.shapes().size())
            .map(one -> one.given(call.shapes()))
            .sortBy(one -> cost(one, call));
    return Option.some(
        fitting.isEmpty()
            ? new ArgumentCounts(read, members, ways).of(call, called, all)
            : misfit(
                call,
                fitting.takeWhile(one -> cost(one, call) == cost(fitting.head(), call)),
                all));
  }

  /** How far a signature is from what is given: kinds weigh more than levels and gradients. */
  private int cost(CallSignature signature, Call call) {
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

  private Mistake misfit(Call call, Seq<CallSignature> fitting, Seq<CallSignature> all) {
    CallSignature nearest = fitting.head();
    int at = nearest.misfits(call.shapes()).head();
    TreePath argument = call.arguments().get(at);
    Shape given = call.shapes().get(at);
    Shape asked = nearest.parameters().get(at);
    Seq<Suggestion> converted = fitting.flatMap(one -> converted(call, one));
    Seq<Suggestion> receiver = lifted(call, asked, given);
    Seq<Suggestion> other = SameVerbs.of(read, call, all);
    boolean spread =
        given.sort() == Sort.OVER
            || (given.sort().isTerm()
                && given.level().exists(l -> asked.level().exists(l::finerThan)));
    return new Mistake(
        read.start(argument.getLeaf()),
        read.end(argument.getLeaf()),
        read.written(argument.getLeaf()) + " is " + given.words(),
        call.subject(read) + " takes " + asked.asked() + Why.of(asked, given),
        reordered(call, all)
            .appendAll(leftOut(call, asked, given))
            .appendAll(
                given.sort() == Sort.NUMBER || given.sort() == Sort.PARAMETER || spread
                    ? other.appendAll(receiver).appendAll(converted)
                    : converted.appendAll(receiver).appendAll(other)));
  }

  /** The same with two arguments of different kinds exchanged, where that alone fits. */
  private Seq<Suggestion> reordered(Call call, Seq<CallSignature> all) {
    Seq<CallSignature> called = all.filter(one -> one.name().equals(call.name()) && !one.many());
    int size = call.shapes().size();
    return List.range(0, size)
        .flatMap(i -> List.range(i + 1, size).map(j -> new int[] {i, j}))
        .reject(pair -> isTerm(call, pair[0]) && isTerm(call, pair[1]))
        .filter(
            pair -> {
              Seq<Shape> shapes =
                  call.shapes()
                      .update(pair[0], call.shapes().get(pair[1]))
                      .update(pair[1], call.shapes().get(pair[0]));
              return called.exists(one -> one.takes(shapes));
            })
        .map(
            pair ->
                new Suggestion(
                    List.of(
                        argument(call, pair[0], written(call, pair[1])),
                        argument(call, pair[1], written(call, pair[0]))),
                    "the other way round"));
  }

  private static boolean isTerm(Call call, int at) {
    return call.shapes().get(at).sort().isTerm();
  }

  private String written(Call call, int at) {
    return read.written(call.arguments().get(at).getLeaf());
  }

  /** The same without a reduction of what has been reduced further already. */
  private Seq<Suggestion> leftOut(Call call, Shape asked, Shape reduction) {
    return call.receiver()
        .toList()
        .filter(one -> asked.sort() == Sort.OVER && read.shape(one).sort().isTerm())
        .filter(
            one ->
                read.shape(one)
                    .level()
                    .exists(at -> reduction.level().exists(from -> from.finerThan(at))))
        .map(
            one ->
                replaced(
                    call.path(),
                    new Way(
                        read.written(one.getLeaf()), "already a number" + read.shape(one).each())));
  }

  /** What is given, made into what is asked for. */
  private Seq<Suggestion> converted(Call call, CallSignature signature) {
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

  private Seq<Way> made(Call call, CallSignature signature, int i) {
    return ways.of(
        read.bracketed(call.arguments().get(i)),
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
      return ways.of(read.bracketed(receiver), from, Shape.at(wanted.get()), "")
          .map(way -> replaced(call.path(), way));
    }
    return asked.sort() == given.sort() || (asked.sort().isTerm() && given.sort().isTerm())
        ? ways.of(read.bracketed(receiver), from, Shape.at(wanted.get()), "")
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
}
