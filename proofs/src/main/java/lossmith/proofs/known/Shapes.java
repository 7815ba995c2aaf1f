package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Node;

/** Makes terms in normal form of terms in normal form. */
final class Shapes {
  private static final String SQUARE = "square";
  private static final String EXP = "exp";
  static final String POSITIVE = "positive";

  /** What is smaller only keeps what it is added to from 0. */
  private static final double SMALL = 1e-3;

  private Shapes() {}

  /** Whether it is the negative of what it is without its sign, and that. */
  static Tuple2<Boolean, Shape> split(Shape x) {
    if (x.is(Shape.NEGATED)) {
      return Tuple.of(true, x.first());
    }
    return x.isConstant() && x.value() < 0
        ? Tuple.of(true, Shape.constant(-x.value(), x.node()))
        : Tuple.of(false, x);
  }

  /** The same of which one of a sum and its negative is neither. */
  static Tuple2<Boolean, Shape> oriented(Shape x) {
    if (!x.is(Shape.SUM)) {
      return split(x);
    }
    Shape first = x.of().minBy(one -> unsigned(one).bare()).get();
    return split(first)._1 ? Tuple.of(true, negated(x, x.node())) : Tuple.of(false, x);
  }

  private static Shape unsigned(Shape summand) {
    return summand.is(Shape.NEGATED)
        ? summand.first()
        : summand.isConstant()
            ? Shape.constant(Math.abs(summand.value()), summand.node())
            : summand;
  }

  static Shape negated(Shape x, Node node) {
    if (x.isConstant()) {
      return Shape.constant(-x.value(), node);
    }
    if (x.is(Shape.NEGATED)) {
      return x.first();
    }
    if (x.is(Shape.SUM)) {
      return Shape.inAnyOrder(Shape.SUM, node, x.of().map(one -> negated(one, one.node())));
    }
    return isLinear(x.word()) && x.first().is(Shape.SUM)
        ? x.with(x.of().tail().prepend(negated(x.first(), node)))
        : Shape.of(Shape.NEGATED, node, x);
  }

  /** Whether a function is the same of a term and of its negative. */
  static boolean isEven(String word) {
    return word.equals(SQUARE)
        || word.equals("abs")
        || word.equals("equal")
        || word.startsWith("std ");
  }

  private static boolean isLinear(String word) {
    return word.startsWith("sum ") || word.startsWith("mean ");
  }

  private static Shape signed(boolean negative, Shape x, Node node) {
    return negative ? negated(x, node) : x;
  }

  static Shape sum(Node node, Shape... summands) {
    Seq<Shape> all = List.of(summands).flatMap(one -> one.is(Shape.SUM) ? one.of() : List.of(one));
    double constant = all.filter(Shape::isConstant).map(Shape::value).sum().doubleValue();
    Seq<Shape> rest = once(all.reject(Shape::isConstant));
    Seq<Shape> whole =
        Math.abs(constant) < SMALL && rest.nonEmpty()
            ? rest
            : rest.append(Shape.constant(constant, node));
    return whole.size() == 1 ? whole.head() : Shape.inAnyOrder(Shape.SUM, node, whole);
  }

  /** Two numbers of which nothing is known are one. */
  private static Seq<Shape> once(Seq<Shape> summands) {
    Seq<Shape> numbers = summands.filter(Shape::isAnyNumber);
    return summands.reject(Shape::isAnyNumber).appendAll(numbers.take(1));
  }

  /** What is detached stays one factor of what is not. */
  static Shape product(Node node, Shape... factors) {
    boolean live = List.of(factors).exists(Shape::isLive);
    Seq<Tuple2<Boolean, Shape>> signed =
        List.of(factors)
            .map(Shapes::split)
            .flatMap(
                one ->
                    one._2.is(Shape.PRODUCT) && (!live || one._2.isLive())
                        ? one._2
                            .of()
                            .map(Shapes::split)
                            .zipWithIndex()
                            .map(
                                inner ->
                                    inner._2 == 0
                                        ? Tuple.of(inner._1._1 ^ one._1, inner._1._2)
                                        : inner._1)
                        : List.of(one));
    boolean negative = signed.count(Tuple2::_1) % 2 == 1;
    Seq<Shape> all = signed.map(Tuple2::_2);
    double constant = all.filter(Shape::isConstant).map(Shape::value).product().doubleValue();
    Seq<Shape> rest = all.reject(Shape::isConstant);
    if (constant == 0 || rest.isEmpty()) {
      return Shape.constant(negative ? -constant : constant, node);
    }
    Seq<Shape> parameters = rest.filter(Shape::isAnyNumber);
    Seq<Shape> terms = averaged(squared(held(rest.reject(Shape::isAnyNumber))), node);
    Seq<Shape> numbers =
        parameters.nonEmpty()
            ? parameters.take(1)
            : constant == 1 ? List.empty() : List.of(Shape.constant(constant, node));
    Seq<Shape> whole = terms.appendAll(numbers);
    Shape product =
        whole.isEmpty()
            ? Shape.constant(1, node)
            : whole.size() == 1 ? whole.head() : Shape.inAnyOrder(Shape.PRODUCT, node, whole);
    return signed(negative, product, node);
  }

  /** What is weighed by detached factors is weighed by one, however they are put together. */
  private static Seq<Shape> held(Seq<Shape> factors) {
    Seq<Shape> rest = factors.reject(Shapes::isHole);
    return rest.appendAll(
        factors
            .filter(Shapes::isHole)
            .map(one -> one.is(Shape.INVERSE) ? one.first() : one)
            .filter(one -> one.is(Fragments.ADVANTAGE))
            .take(1));
  }

  private static boolean isHole(Shape factor) {
    Shape one = factor.is(Shape.INVERSE) ? factor.first() : factor;
    return one.is(Fragments.ADVANTAGE) || one.is(Fragments.WEIGHT);
  }

  private static Seq<Shape> squared(Seq<Shape> factors) {
    Seq<Shape> once = List.empty();
    for (Shape one : factors) {
      int twin = once.indexWhere(other -> other.print() == one.print());
      once =
          twin < 0
              ? once.append(one)
              : once.update(twin, Shape.of(SQUARE, one.node(), oriented(one)._2));
    }
    return once;
  }

  /** A sum over its count is a mean. */
  private static Seq<Shape> averaged(Seq<Shape> factors, Node node) {
    for (Shape sum : factors.filter(one -> one.word().startsWith("sum "))) {
      String count = sum.word().replace("sum ", "count ");
      var over =
          factors.find(
              one ->
                  one.is(Shape.INVERSE)
                      && one.first().is(count)
                      && one.first()
                          .of()
                          .map(Shape::print)
                          .equals(sum.of().tail().map(Shape::print)));
      if (over.isDefined()) {
        Shape mean =
            Shape.of(sum.word().replace("sum ", "mean "), node, sum.of().toJavaArray(Shape[]::new));
        return factors.remove(sum).remove(over.get()).append(mean);
      }
    }
    return factors;
  }

  static Shape inverse(Shape x, Node node) {
    if (x.isConstant() && x.value() != 0 && !Double.isInfinite(x.value())) {
      return Shape.constant(1 / x.value(), node);
    }
    if (x.isAnyNumber()) {
      return x;
    }
    if (x.is(Shape.INVERSE)) {
      return x.first();
    }
    if (x.is(Shape.NEGATED)) {
      return negated(inverse(x.first(), node), node);
    }
    if (x.is(EXP)) {
      return Shape.of(EXP, node, negated(x.first(), node));
    }
    return x.is(Shape.PRODUCT)
        ? Shape.inAnyOrder(Shape.PRODUCT, node, x.of().map(one -> inverse(one, node)))
        : Shape.of(Shape.INVERSE, node, x);
  }

  static Shape extreme(String word, Node node, Shape left, Shape right) {
    if (left.isConstant() && right.isConstant()) {
      double value =
          word.equals("min")
              ? Math.min(left.value(), right.value())
              : Math.max(left.value(), right.value());
      return Shape.constant(value, node);
    }
    Seq<Shape> all = List.of(left, right).flatMap(one -> one.is(word) ? one.of() : List.of(one));
    if (all.forAll(one -> one.is(Shape.NEGATED))) {
      String other = word.equals("min") ? "max" : "min";
      return negated(Shape.inAnyOrder(other, node, all.map(Shape::first)), node);
    }
    return Shape.inAnyOrder(word, node, all);
  }

  /** Whether a term is above 0; at 0 itself either is the same here. */
  static Shape positive(Shape x, Node node) {
    Shape held = withoutRounding(x.stopped(), node);
    Tuple2<Boolean, Shape> signed = oriented(held);
    return signed._2.is(Shape.PRODUCT)
        ? Shape.of(POSITIVE, node, signed(signed._1, withoutNumbers(signed._2, node), node))
        : Shape.of(POSITIVE, node, held);
  }

  private static Shape withoutRounding(Shape sum, Node node) {
    return sum.is(Shape.SUM) && sum.rounds()
        ? sum(node, sum.of().reject(Shape::rounds).toJavaArray(Shape[]::new))
        : sum;
  }

  private static Shape withoutNumbers(Shape product, Node node) {
    Seq<Shape> rest = product.of().reject(Shape::isNumber);
    return rest.size() == product.of().size() || rest.isEmpty()
        ? product
        : product(node, rest.toJavaArray(Shape[]::new));
  }

  static Shape not(Shape x, Node node) {
    if (x.is(POSITIVE)) {
      return Shape.of(POSITIVE, node, negated(x.first(), node));
    }
    return x.is("not") ? x.first() : Shape.of("not", node, x);
  }

  static Shape select(Node node, Shape when, Shape left, Shape right) {
    if (left.print() == right.print()) {
      return left;
    }
    if (when.is("not")) {
      return Shape.of("select", node, when.first(), right, left);
    }
    if (when.is(POSITIVE) && oriented(when.first())._1) {
      return Shape.of("select", node, not(when, when.node()), right, left);
    }
    return Shape.of("select", node, when, left, right);
  }

  static Shape function(String word, Node node, Shape x) {
    return switch (word) {
      case SQUARE, "abs" -> Shape.of(word, node, oriented(x)._2);
      case "expm1" -> sum(node, function(EXP, node, x), Shape.constant(-1, node));
      case "exp_remainder" ->
          sum(node, function(EXP, node, x), Shape.constant(-1, node), negated(x, node));
      case "log1p" -> Shape.of("log", node, sum(node, x, Shape.constant(1, node)));
      case "log_sigmoid" -> negated(Shape.of("softplus", node, negated(x, node)), node);
      case "sign", "floor" -> Shape.of(word, node, x.stopped());
      default -> Shape.of(word, node, x);
    };
  }

  /** A sum, a mean or another reduction; signs and numbers stand before a sum. */
  static Shape reduction(String word, Node node, Shape x, Seq<Shape> where) {
    if (word.startsWith("std ")) {
      return reduced(word, node, oriented(x)._2, where);
    }
    if (!isLinear(word)) {
      return reduced(word, node, x, where);
    }
    Tuple2<Boolean, Shape> signed = split(x);
    Seq<Shape> numbers =
        signed._2.is(Shape.PRODUCT) ? signed._2.of().filter(Shape::isNumber) : List.empty();
    if (numbers.isEmpty()) {
      return signed(signed._1, reduced(word, node, signed._2, where), node);
    }
    Seq<Shape> rest = signed._2.of().reject(Shape::isNumber);
    Shape inner = product(node, rest.toJavaArray(Shape[]::new));
    Shape reduced = reduction(word, node, inner, where);
    return signed(
        signed._1, product(node, numbers.append(reduced).toJavaArray(Shape[]::new)), node);
  }

  private static Shape reduced(String word, Node node, Shape x, Seq<Shape> where) {
    return Shape.of(word, node, where.prepend(x).toJavaArray(Shape[]::new));
  }
}
