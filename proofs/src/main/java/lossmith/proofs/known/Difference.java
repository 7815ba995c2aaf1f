package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * The one place in which a term is otherwise than a known one; the terms themselves where they
 * differ in several.
 *
 * @param own what stands there
 * @param known what the known one has there
 * @param outermost whether only sums, means, signs and numbers are around it
 * @param even whether it is inside of a function that is the same of a term and of its negative, so
 *     that it cannot be told which of the summands is turned
 * @param around the terms that it is an operand of, in both
 */
record Difference(
    Shape own, Shape known, boolean outermost, boolean even, Option<Tuple2<Shape, Shape>> around) {
  /** How many operands of one sum or product may be exchanged for others. */
  private static final int MOST = 3;

  /** Where a term differs from a known one; nothing where it does not. */
  static Option<Difference> between(Shape own, Shape known) {
    return between(own, known, true);
  }

  private static Option<Difference> between(Shape own, Shape known, boolean outermost) {
    if (own.agrees(known)) {
      return Option.none();
    }
    Difference here = new Difference(own, known, outermost, false, Option.none());
    if (!own.is(known.word())) {
      return Option.some(here);
    }
    boolean linear = outermost && isLinear(own);
    Seq<Difference> below =
        own.isInAnyOrder()
            ? here.inAnyOrder(linear)
            : here.inOrder(linear).getOrElse(List.of(here));
    return below.isEmpty()
        ? Option.none()
        : Option.some(
            below.size() == 1 && !below.head().equals(here) ? below.head().within(here) : here);
  }

  private Difference within(Difference other) {
    boolean inside = even || Shapes.isEven(other.own.word());
    return new Difference(
        own,
        known,
        outermost,
        inside,
        around.orElse(Option.some(Tuple.of(other.own, other.known))));
  }

  private static boolean isLinear(Shape x) {
    return x.is(Shape.SUM)
        || x.is(Shape.NEGATED)
        || (x.is(Shape.PRODUCT) && x.of().count(one -> !one.isNumber()) == 1)
        || x.word().startsWith("sum ")
        || x.word().startsWith("mean ");
  }

  private Option<Seq<Difference>> inOrder(boolean linear) {
    return Option.when(
        own.of().size() == known.of().size(),
        () -> once(own.of().zip(known.of()).flatMap(both -> between(both._1, both._2, linear))));
  }

  private static Seq<Difference> once(Seq<Difference> all) {
    Seq<Difference> different = all.distinctBy(Difference::key);
    Seq<Difference> told = different.reject(one -> one.even && one.isSign());
    return told.isEmpty() ? different.take(1) : told;
  }

  private Seq<Difference> inAnyOrder(boolean linear) {
    Seq<Shape> mine = own.of();
    Seq<Shape> theirs = List.empty();
    for (Shape one : known.of()) {
      int twin = mine.indexWhere(other -> other.print() == one.print());
      mine = twin < 0 ? mine : mine.removeAt(twin);
      theirs = twin < 0 ? theirs.append(one) : theirs;
    }
    Seq<Shape> others = List.empty();
    for (Shape one : theirs) {
      int twin = mine.indexWhere(one::agrees);
      mine = twin < 0 ? mine : mine.removeAt(twin);
      others = twin < 0 ? others.append(one) : others;
    }
    if (mine.size() != others.size() || mine.size() > MOST) {
      return List.of(this);
    }
    if (others.isEmpty()) {
      return List.empty();
    }
    Seq<Shape> left = mine;
    return others
        .permutations()
        .map(order -> once(left.zip(order).flatMap(both -> between(both._1, both._2, linear))))
        .filter(found -> found.size() <= 1)
        .minBy(found -> found.map(Difference::size).sum().intValue())
        .getOrElse(List.of(this));
  }

  /** Equal where the same two terms are exchanged, also under a sign. */
  private Seq<Long> key() {
    boolean turned = own.is(Shape.NEGATED);
    return turned
        ? List.of(own.first().print(), Shapes.negated(known, known.node()).print())
        : List.of(own.print(), known.print());
  }

  private boolean isSign() {
    return Shapes.negated(own, own.node()).agrees(known);
  }

  /** How many terms are on either side. */
  int size() {
    return Math.max(own.size(), known.size());
  }
}
