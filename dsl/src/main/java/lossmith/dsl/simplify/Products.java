package lossmith.dsl.simplify;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;

/**
 * The rules of arithmetic: neutral elements, signs to the outside, one fraction instead of many.
 * The first that applies is taken.
 */
final class Products {
  /** What a rule makes of an operation on two terms; none where it does not apply. */
  private interface Rewriting {
    Option<Node> of(Simplify s, Node x, Node y);
  }

  /**
   * A rule.
   *
   * @param op the operation on the left of its law
   * @param law what it replaces by what, c being a constant
   * @param rewriting how
   */
  record Rule(BinaryOp op, String law, Rewriting rewriting) {
    @Override
    public String toString() {
      return law;
    }
  }

  /** All rules, those of one operation in the order in which they are tried. */
  static final Seq<Rule> RULES =
      List.of(
          new Rule(BinaryOp.PLUS, "0 + x = x", (s, x, y) -> when(Constants.is(x, 0), y)),
          new Rule(BinaryOp.PLUS, "x + 0 = x", (s, x, y) -> when(Constants.is(y, 0), x)),
          new Rule(
              BinaryOp.PLUS,
              "x + (−y) = x − y",
              (s, x, y) -> positive(s, y).map(z -> s.minus(x, z))),
          new Rule(
              BinaryOp.PLUS,
              "(−x) + y = y − x",
              (s, x, y) -> positive(s, x).map(z -> s.minus(y, z))),
          new Rule(BinaryOp.PLUS, "1[a]·x + 1[b]·x = 1[a ∨ b]·x, if never a ∧ b", Products::either),
          new Rule(
              BinaryOp.PLUS, "x/z + y/z = (x + y)/z", (s, x, y) -> overOne(s, BinaryOp.PLUS, x, y)),
          new Rule(BinaryOp.MINUS, "x − 0 = x", (s, x, y) -> when(Constants.is(y, 0), x)),
          new Rule(
              BinaryOp.MINUS,
              "0 − x = −x",
              (s, x, y) -> Option.when(Constants.is(x, 0), () -> s.negate(y))),
          new Rule(
              BinaryOp.MINUS,
              "x − x = 0, unless of the vocabulary, where x may be −∞",
              (s, x, y) ->
                  Option.when(x == y && x.level() != Level.Name.VOCABULARY, () -> s.zero(x))),
          new Rule(
              BinaryOp.MINUS,
              "x − (−y) = x + y",
              (s, x, y) -> positive(s, y).map(z -> s.plus(x, z))),
          new Rule(
              BinaryOp.MINUS,
              "(−x) − y = −(x + y)",
              (s, x, y) -> positive(s, x).map(z -> s.negate(s.plus(z, y)))),
          new Rule(
              BinaryOp.MINUS,
              "x/z − y/z = (x − y)/z",
              (s, x, y) -> overOne(s, BinaryOp.MINUS, x, y)),
          new Rule(BinaryOp.TIMES, "0·x = 0", (s, x, y) -> when(Constants.is(x, 0), x)),
          new Rule(BinaryOp.TIMES, "x·1 = x", (s, x, y) -> when(Constants.is(y, 1), x)),
          new Rule(BinaryOp.TIMES, "x·0 = 0", (s, x, y) -> when(Constants.is(y, 0), y)),
          new Rule(BinaryOp.TIMES, "1·x = x", (s, x, y) -> when(Constants.is(x, 1), y)),
          new Rule(
              BinaryOp.TIMES,
              "(−x)·y = −(x·y)",
              (s, x, y) -> positive(s, x).map(z -> s.negate(s.times(z, y)))),
          new Rule(
              BinaryOp.TIMES,
              "x·(−y) = −(x·y)",
              (s, x, y) -> positive(s, y).map(z -> s.negate(s.times(x, z)))),
          new Rule(
              BinaryOp.TIMES,
              "(x/z)·y = (x·y)/z",
              (s, x, y) -> fraction(x).map(f -> s.divide(s.times(f.left(), y), f.right()))),
          new Rule(
              BinaryOp.TIMES,
              "x·(y/z) = (x·y)/z",
              (s, x, y) -> fraction(y).map(f -> s.divide(s.times(x, f.left()), f.right()))),
          new Rule(
              BinaryOp.TIMES,
              "x·c = c·x",
              (s, x, y) ->
                  Option.when(
                      y instanceof Node.Constant && !(x instanceof Node.Constant),
                      () -> s.times(y, x))),
          new Rule(BinaryOp.TIMES, "x·(c·y) = (c·x)·y", Products::factorFirst),
          new Rule(BinaryOp.TIMES, "(e^u·x)·y = e^u·(x·y)", Products::underExp),
          new Rule(BinaryOp.TIMES, "x·(e^u·y) = e^u·(y·x)", (s, x, y) -> underExp(s, y, x)),
          new Rule(BinaryOp.DIVIDE, "0/x = 0", (s, x, y) -> when(Constants.is(x, 0), x)),
          new Rule(BinaryOp.DIVIDE, "x/1 = x", (s, x, y) -> when(Constants.is(y, 1), x)),
          new Rule(
              BinaryOp.DIVIDE,
              "(−x)/y = −(x/y)",
              (s, x, y) -> positive(s, x).map(z -> s.negate(s.divide(z, y)))),
          new Rule(
              BinaryOp.DIVIDE,
              "(x/y)/z = x/(y·z)",
              (s, x, y) -> fraction(x).map(f -> s.divide(f.left(), s.times(f.right(), y)))),
          new Rule(BinaryOp.MIN, "min(x, x) = x", (s, x, y) -> when(x == y, x)),
          new Rule(BinaryOp.MAX, "max(x, x) = x", (s, x, y) -> when(x == y, x)),
          new Rule(BinaryOp.PROB_TIMES, "e^u·0 = 0", (s, x, y) -> when(Constants.is(y, 0), y)),
          new Rule(
              BinaryOp.PROB_TIMES,
              "e^u·(−x) = −(e^u·x)",
              (s, x, y) -> negated(y).map(z -> s.negate(s.binary(BinaryOp.PROB_TIMES, x, z)))));

  private static final Map<BinaryOp, Seq<Rule>> OF = RULES.groupBy(Rule::op).mapValues(x -> x);

  private Products() {}

  static Node binary(Simplify s, BinaryOp op, Node x, Node y) {
    if (x instanceof Node.Constant a && y instanceof Node.Constant b) {
      Option<Double> value = Constants.of(op, a.value(), b.value());
      if (value.isDefined()) {
        return s.constant(value.get(), x.level());
      }
    }
    return rule(s, op, x, y).map(Tuple2::_2).getOrElse(() -> s.intern(Nodes.binary(op, x, y)));
  }

  /** The first rule that applies to an operation on two terms, and what it makes of them. */
  static Option<Tuple2<Rule, Node>> rule(Simplify s, BinaryOp op, Node x, Node y) {
    for (Rule rule : OF.getOrElse(op, List.empty())) {
      Option<Node> simpler = rule.rewriting().of(s, x, y);
      if (simpler.isDefined()) {
        return Option.some(Tuple.of(rule, simpler.get()));
      }
    }
    return Option.none();
  }

  private static Option<Node> when(boolean applies, Node node) {
    return applies ? Option.some(node) : Option.none();
  }

  private static Option<Node> either(Simplify s, Node x, Node y) {
    return x instanceof Node.Select a
            && y instanceof Node.Select b
            && Constants.is(a.right(), 0)
            && Constants.is(b.right(), 0)
            && a.left() == b.left()
            && Conditions.exclusive(s, a.when(), b.when())
        ? Option.some(s.select(s.or(a.when(), b.when()), a.left(), a.right()))
        : Option.none();
  }

  private static Option<Node> overOne(Simplify s, BinaryOp op, Node x, Node y) {
    return fraction(x)
        .flatMap(
            a ->
                fraction(y)
                    .filter(b -> a.right() == b.right())
                    .map(b -> s.divide(s.binary(op, a.left(), b.left()), a.right())));
  }

  private static Option<Node> factorFirst(Simplify s, Node x, Node y) {
    return y instanceof Node.Binary f
            && f.op() == BinaryOp.TIMES
            && f.left() instanceof Node.Constant factor
        ? Option.some(s.times(s.times(factor, x), f.right()))
        : Option.none();
  }

  /** Where u = −∞ the product is 0, whatever y is. */
  private static Option<Node> underExp(Simplify s, Node x, Node y) {
    boolean entry = y.level() == Level.Name.VOCABULARY && !(y instanceof Node.Broadcast);
    if (!entry || y instanceof Node.Constant || !(x instanceof Node.Binary f)) {
      return Option.none();
    }
    if (f.op() == BinaryOp.PROB_TIMES) {
      return Option.some(s.binary(BinaryOp.PROB_TIMES, f.left(), s.times(f.right(), y)));
    }
    return f.op() == BinaryOp.TIMES && f.left() instanceof Node.Constant factor
        ? underExp(s, f.right(), y).map(product -> s.times(factor, product))
        : Option.none();
  }

  private static Option<Node.Binary> fraction(Node x) {
    return x instanceof Node.Binary f && f.op() == BinaryOp.DIVIDE ? Option.some(f) : Option.none();
  }

  /** x of −x. */
  private static Option<Node> negated(Node x) {
    return x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE
        ? Option.some(u.of())
        : Option.none();
  }

  /** x of −x, and the positive constant of a negative one. */
  private static Option<Node> positive(Simplify s, Node x) {
    return x instanceof Node.Constant c && c.value() < 0 ? Option.some(s.negate(x)) : negated(x);
  }
}
