package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Node;

/**
 * Makes terms in normal form of terms in normal form.
 *
 * <p>Long because each operation has what it makes of its operands here.
 */
final class Shapes {
  private static final String SQUARE = "square";
  private static final String EXP = "exp";
  static final String POSITIVE = "positive";

  /** What is smaller only keeps what it is added to from 0. */
  private static final double SMALL = 1e-3;

  private Shapes() {}

  /** Whether it is the negative of what it is without its sign, and that. */
  static Tuple2<Boolean, TermForm> split(TermForm x) {
    if (x.is(TermForm.NEGATED)) {
      return Tuple.of(true, x.first());
    }
    return x.isConstant() && x.value() < 0
        ? Tuple.of(true, TermForm.constant(-x.value(), x.node()))
        : Tuple.of(false, x);
  }

  /** The same of which one of a sum and its negative is neither. */
  static Tuple2<Boolean, TermForm> oriented(TermForm x) {
    if (!x.is(TermForm.SUM)) {
      return split(x);
    }
    TermForm first = x.of().minBy(one -> unsigned(one).bare()).get();
    return split(first)._1 ? Tuple.of(true, negated(x, x.node())) : Tuple.of(false, x);
  }

  private static TermForm unsigned(TermForm summand) {
    return summand.is(TermForm.NEGATED)
        ? summand.first()
        : summand.isConstant()
            ? TermForm.constant(Math.abs(summand.value()), summand.node())
            : summand;
  }

  static TermForm negated(TermForm x, Node node) {
    if (x.isConstant()) {
      return TermForm.constant(-x.value(), node);
    }
    if (x.is(TermForm.NEGATED)) {
      return x.first();
    }
    if (x.is(TermForm.SUM)) {
      return TermForm.inAnyOrder(TermForm.SUM, node, x.of().map(one -> negated(one, one.node())));
    }
    return isLinear(x.word()) && x.first().is(TermForm.SUM)
        ? x.with(x.of().tail().prepend(negated(x.first(), node)))
        : TermForm.of(TermForm.NEGATED, node, x);
  }

  /**
   * The same term, of which what is as good with the other sign has it: which of the two stands in
   * the normal form depends on what else is in it.
   */
  static Option<TermForm> turned(TermForm x) {
    if (isEven(x.word())) {
      return Option.some(ofNegative(x));
    }
    boolean chosen = x.is("select") && x.of().size() == 3 && x.first().is(POSITIVE);
    return Option.when(
        chosen, () -> x.with(List.of(not(x.first(), x.node()), x.of().get(2), x.of().get(1))));
  }

  /**
   * A coefficient of a sum or mean, beside one of several summands: each of those has its own, and
   * it stands before what is left where the others are missing.
   */
  static Option<TermForm> inside(TermForm product, TermForm known) {
    Seq<TermForm> rest =
        product.is(TermForm.PRODUCT) ? product.of().reject(TermForm::isNumber) : List.empty();
    boolean one =
        rest.size() == 1
            && isLinear(known.word())
            && known.first().is(TermForm.SUM)
            && rest.head().is(known.word());
    return Option.when(
        one,
        () -> {
          TermForm reduced = rest.head();
          Seq<TermForm> factors = product.of().filter(TermForm::isNumber).append(reduced.first());
          TermForm whole = product(product.node(), factors.toJavaArray(TermForm[]::new));
          return reduced.with(reduced.of().tail().prepend(whole));
        });
  }

  /** The same operation on the negative of what it is applied to. */
  static TermForm ofNegative(TermForm x) {
    return x.with(x.of().tail().prepend(negated(x.first(), x.node())));
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

  private static TermForm signed(boolean negative, TermForm x, Node node) {
    return negative ? negated(x, node) : x;
  }

  static TermForm sum(Node node, TermForm... summands) {
    Seq<TermForm> all =
        List.of(summands).flatMap(one -> one.is(TermForm.SUM) ? one.of() : List.of(one));
    double constant = all.filter(TermForm::isConstant).map(TermForm::value).sum().doubleValue();
    Seq<TermForm> rest = once(all.reject(TermForm::isConstant), node);
    Seq<TermForm> whole =
        Math.abs(constant) < SMALL && rest.nonEmpty()
            ? rest
            : rest.append(TermForm.constant(constant, node));
    return whole.size() == 1 ? whole.head() : TermForm.inAnyOrder(TermForm.SUM, node, whole);
  }

  /** Two numbers of which nothing is known are one. */
  private static Seq<TermForm> once(Seq<TermForm> summands, Node node) {
    Seq<TermForm> numbers = summands.filter(TermForm::isAnyNumber);
    return numbers.size() < 2
        ? summands
        : summands
            .reject(TermForm::isAnyNumber)
            .append(TermForm.number(numbers.map(TermForm::amount).reduce(Amount::plus), node));
  }

  /** What is detached stays one factor of what is not. */
  static TermForm product(Node node, TermForm... factors) {
    boolean live = List.of(factors).exists(TermForm::isLive);
    Seq<Tuple2<Boolean, TermForm>> signed =
        List.of(factors)
            .map(Shapes::split)
            .flatMap(
                one ->
                    one._2.is(TermForm.PRODUCT) && (!live || one._2.isLive())
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
    Seq<TermForm> all = signed.map(Tuple2::_2);
    double constant = all.filter(TermForm::isConstant).map(TermForm::value).product().doubleValue();
    Seq<TermForm> rest = all.reject(TermForm::isConstant);
    if (constant == 0 || rest.isEmpty()) {
      return TermForm.constant(negative ? -constant : constant, node);
    }
    Seq<TermForm> parameters = rest.filter(TermForm::isAnyNumber);
    Seq<TermForm> terms = averaged(squared(held(rest.reject(TermForm::isAnyNumber))), node);
    Seq<TermForm> numbers =
        parameters.nonEmpty()
            ? List.of(times(constant, parameters, node))
            : constant == 1 ? List.empty() : List.of(TermForm.constant(constant, node));
    Seq<TermForm> whole = terms.appendAll(numbers);
    TermForm product =
        whole.isEmpty()
            ? TermForm.constant(1, node)
            : whole.size() == 1 ? whole.head() : TermForm.inAnyOrder(TermForm.PRODUCT, node, whole);
    return signed(negative, product, node);
  }

  private static TermForm times(double constant, Seq<TermForm> parameters, Node node) {
    return constant == 1 && parameters.size() == 1
        ? parameters.head()
        : TermForm.number(
            parameters.map(TermForm::amount).fold(Amount.constant(constant), Amount::times), node);
  }

  /** What is weighed by detached factors is weighed by one, however they are put together. */
  private static Seq<TermForm> held(Seq<TermForm> factors) {
    Seq<TermForm> rest = factors.reject(Shapes::isHole);
    return rest.appendAll(
        factors
            .filter(Shapes::isHole)
            .map(one -> one.is(TermForm.INVERSE) ? one.first() : one)
            .filter(one -> one.is(Fragments.ADVANTAGE))
            .take(1));
  }

  private static boolean isHole(TermForm factor) {
    TermForm one = factor.is(TermForm.INVERSE) ? factor.first() : factor;
    return one.is(Fragments.ADVANTAGE) || one.is(Fragments.WEIGHT);
  }

  private static Seq<TermForm> squared(Seq<TermForm> factors) {
    Seq<TermForm> once = List.empty();
    for (TermForm one : factors) {
      int twin = once.indexWhere(other -> other.print() == one.print());
      once =
          twin < 0
              ? once.append(one)
              : once.update(twin, TermForm.of(SQUARE, one.node(), oriented(one)._2));
    }
    return once;
  }

  /** A sum over its count is a mean. */
  private static Seq<TermForm> averaged(Seq<TermForm> factors, Node node) {
    for (TermForm sum : factors.filter(one -> one.word().startsWith("sum "))) {
      String count = sum.word().replace("sum ", "count ");
      var over =
          factors.find(
              one ->
                  one.is(TermForm.INVERSE)
                      && one.first().is(count)
                      && one.first()
                          .of()
                          .map(TermForm::print)
                          .equals(sum.of().tail().map(TermForm::print)));
      if (over.isDefined()) {
        TermForm mean =
            TermForm.of(
                sum.word().replace("sum ", "mean "), node, sum.of().toJavaArray(TermForm[]::new));
        return factors.remove(sum).remove(over.get()).append(mean);
      }
    }
    return factors;
  }

  static TermForm inverse(TermForm x, Node node) {
    if (x.isConstant() && x.value() != 0 && !Double.isInfinite(x.value())) {
      return TermForm.constant(1 / x.value(), node);
    }
    if (x.isAnyNumber()) {
      return TermForm.number(x.amount().inverse(), node);
    }
    if (x.is(TermForm.INVERSE)) {
      return x.first();
    }
    if (x.is(TermForm.NEGATED)) {
      return negated(inverse(x.first(), node), node);
    }
    if (x.is(EXP)) {
      return TermForm.of(EXP, node, negated(x.first(), node));
    }
    return x.is(TermForm.PRODUCT)
        ? TermForm.inAnyOrder(TermForm.PRODUCT, node, x.of().map(one -> inverse(one, node)))
        : TermForm.of(TermForm.INVERSE, node, x);
  }

  static TermForm extreme(String word, Node node, TermForm left, TermForm right) {
    if (left.isConstant() && right.isConstant()) {
      double value =
          word.equals("min")
              ? Math.min(left.value(), right.value())
              : Math.max(left.value(), right.value());
      return TermForm.constant(value, node);
    }
    Seq<TermForm> all = List.of(left, right).flatMap(one -> one.is(word) ? one.of() : List.of(one));
    if (all.forAll(one -> one.is(TermForm.NEGATED))) {
      String other = word.equals("min") ? "max" : "min";
      return negated(TermForm.inAnyOrder(other, node, all.map(TermForm::first)), node);
    }
    return TermForm.inAnyOrder(word, node, all);
  }

  /** Whether a term is above 0; at 0 itself either is the same here. */
  static TermForm positive(TermForm x, Node node) {
    TermForm held = withoutRounding(x.stopped(), node);
    Tuple2<Boolean, TermForm> signed = oriented(held);
    return signed._2.is(TermForm.PRODUCT)
        ? TermForm.of(POSITIVE, node, signed(signed._1, withoutNumbers(signed._2, node), node))
        : TermForm.of(POSITIVE, node, held);
  }

  private static TermForm withoutRounding(TermForm sum, Node node) {
    return sum.is(TermForm.SUM) && sum.rounds()
        ? sum(node, sum.of().reject(TermForm::rounds).toJavaArray(TermForm[]::new))
        : sum;
  }

  private static TermForm withoutNumbers(TermForm product, Node node) {
    Seq<TermForm> rest = product.of().reject(TermForm::isNumber);
    return rest.size() == product.of().size() || rest.isEmpty()
        ? product
        : product(node, rest.toJavaArray(TermForm[]::new));
  }

  static TermForm not(TermForm x, Node node) {
    if (x.is(POSITIVE)) {
      return TermForm.of(POSITIVE, node, negated(x.first(), node));
    }
    return x.is("not") ? x.first() : TermForm.of("not", node, x);
  }

  static TermForm select(Node node, TermForm when, TermForm left, TermForm right) {
    boolean one = left.amount().parameters().equals(right.amount().parameters());
    if (left.print() == right.print() && one) {
      return left;
    }
    if (when.is("not")) {
      return TermForm.of("select", node, when.first(), right, left);
    }
    if (when.is(POSITIVE) && oriented(when.first())._1) {
      return TermForm.of("select", node, not(when, when.node()), right, left);
    }
    return TermForm.of("select", node, when, left, right);
  }

  static TermForm function(String word, Node node, TermForm x) {
    return switch (word) {
      case SQUARE, "abs" -> TermForm.of(word, node, oriented(x)._2);
      case "expm1" -> sum(node, function(EXP, node, x), TermForm.constant(-1, node));
      case "exp_remainder" ->
          sum(node, function(EXP, node, x), TermForm.constant(-1, node), negated(x, node));
      case "log1p" -> TermForm.of("log", node, sum(node, x, TermForm.constant(1, node)));
      case "log_sigmoid" -> negated(TermForm.of("softplus", node, negated(x, node)), node);
      case "sign", "floor" -> TermForm.of(word, node, x.stopped());
      default -> TermForm.of(word, node, x);
    };
  }

  /** A sum, a mean or another reduction; signs and numbers stand before a sum. */
  static TermForm reduction(String word, Node node, TermForm x, Seq<TermForm> where) {
    if (word.startsWith("std ")) {
      return reduced(word, node, oriented(x)._2, where);
    }
    if (!isLinear(word)) {
      return x.is(TermForm.NEGATED) && (word.startsWith("max ") || word.startsWith("min "))
          ? negated(reduced(opposite(word), node, x.first(), where), node)
          : reduced(word, node, x, where);
    }
    Tuple2<Boolean, TermForm> signed = split(x);
    Seq<TermForm> numbers =
        signed._2.is(TermForm.PRODUCT) ? signed._2.of().filter(TermForm::isNumber) : List.empty();
    if (numbers.isEmpty()) {
      return signed(signed._1, reduced(word, node, signed._2, where), node);
    }
    Seq<TermForm> rest = signed._2.of().reject(TermForm::isNumber);
    TermForm inner = product(node, rest.toJavaArray(TermForm[]::new));
    TermForm reduced = reduction(word, node, inner, where);
    return signed(
        signed._1, product(node, numbers.append(reduced).toJavaArray(TermForm[]::new)), node);
  }

  /** The largest of negatives is the negative of the least. */
  private static String opposite(String word) {
    return (word.startsWith("max ") ? "min " : "max ") + word.substring(4);
  }

  private static TermForm reduced(String word, Node node, TermForm x, Seq<TermForm> where) {
    return TermForm.of(word, node, where.prepend(x).toJavaArray(TermForm[]::new));
  }
}
