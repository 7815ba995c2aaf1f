package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.BiFunction;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * The rules of Σ over everything that exists, in closed form where there is one: zeros, differences
 * to the mean, one-hot rows; over the vocabulary also term by term, what is one number for the
 * whole row taken out of the sum. So Σ_u G_u of the softmax needs no pass of its own over the row.
 */
final class Sums {
  static final Seq<Rule<?>> RULES =
      List.of(
          rule("Σ 0 = 0", (s, x, to) -> Option.when(Constants.is(x, 0), () -> s.constant(0, to))),
          rule(
              "Σ (x − mean x) = 0, and what is put together from such",
              (s, x, to) -> Option.when(Centring.vanishes(x, to), () -> s.constant(0, to))),
          rule(
              "Σ (−x) = −Σ x",
              (s, x, to) ->
                  x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE
                      ? Option.some(s.negate(s.sum(u.of(), to)))
                      : Option.none()),
          row(
              "Σ_v 1[v = y_t]·c = c, one number for the row",
              (s, x) ->
                  x instanceof Node.Select one
                          && one.when() instanceof Node.Sampled
                          && Constants.is(one.right(), 0)
                      ? number(s, one.left())
                      : Option.none()),
          rowOf(
              "Σ_v (x + y) = Σ_v x + Σ_v y, likewise −",
              (s, x) ->
                  sum(x.op())
                      ? Option.some(s.binary(x.op(), s.sumOfRow(x.left()), s.sumOfRow(x.right())))
                      : Option.none()),
          rowOf(
              "Σ_v c·x = c·Σ_v x, c one number for the row, likewise x/c",
              (s, x) ->
                  x.op() == BinaryOp.TIMES || x.op() == BinaryOp.DIVIDE
                      ? Taken.out(s, x).map(out -> out.of(s, s.sumOfRow(out.rest)))
                      : Option.none()),
          rowOf(
              "Σ_v e^u·(x + y) = Σ_v e^u·x + Σ_v e^u·y, likewise −",
              (s, x) ->
                  x.op() == BinaryOp.PROB_TIMES && x.right() instanceof Node.Binary y && sum(y.op())
                      ? Option.some(
                          s.binary(
                              y.op(),
                              s.sumOfRow(s.binary(x.op(), x.left(), y.left())),
                              s.sumOfRow(s.binary(x.op(), x.left(), y.right()))))
                      : Option.none()),
          rowOf(
              "Σ_v e^u·c·x = c·Σ_v e^u·x, c one number for the row, likewise x/c",
              (s, x) ->
                  x.op() == BinaryOp.PROB_TIMES
                      ? Taken.out(s, x.right())
                          .map(out -> out.of(s, s.sumOfRow(s.binary(x.op(), x.left(), out.rest))))
                      : Option.none()));

  private Sums() {}

  /** What a rule makes of Σ x at a level. */
  interface OfSum {
    Option<Node> of(Simplify s, Node x, Level.Name to);
  }

  static Rule<?> rule(String law, OfSum rewriting) {
    return new Rule<>(
        Node.Reduce.class,
        law,
        (s, sum) ->
            sum.op() == ReduceOp.SUM && sum.where().isEmpty()
                ? rewriting.of(s, sum.of(), sum.to())
                : Option.none());
  }

  /** A rule of a sum over one row of the vocabulary. */
  private static Rule<?> row(String law, BiFunction<Simplify, Node, Option<Node>> rewriting) {
    return rule(
        law,
        (s, x, to) ->
            x.level() == Level.Name.VOCABULARY && to == Level.Name.TOKEN
                ? rewriting.apply(s, x)
                : Option.none());
  }

  private static Rule<?> rowOf(
      String law, BiFunction<Simplify, Node.Binary, Option<Node>> rewriting) {
    return row(law, (s, x) -> x instanceof Node.Binary b ? rewriting.apply(s, b) : Option.none());
  }

  private static boolean sum(BinaryOp op) {
    return op == BinaryOp.PLUS || op == BinaryOp.MINUS;
  }

  /** The number per token whose spread over the vocabulary this is. */
  private static Option<Node> number(Simplify simplify, Node x) {
    if (x instanceof Node.Broadcast b) {
      return Option.some(simplify.spread(b.of(), Level.Name.TOKEN));
    }
    if (x instanceof Node.Constant c) {
      return Option.some(simplify.constant(c.value(), Level.Name.TOKEN));
    }
    if (x instanceof Node.Unary u) {
      return number(simplify, u.of()).map(of -> simplify.unary(u.op(), of));
    }
    return x instanceof Node.Binary b
        ? number(simplify, b.left())
            .flatMap(
                left ->
                    number(simplify, b.right()).map(right -> simplify.binary(b.op(), left, right)))
        : Option.none();
  }

  /** A product with the factors that are one number for the whole row taken out of it. */
  private static final class Taken {
    private final List<Node> above;
    private final List<Node> below;
    private final Node rest;

    private Taken(List<Node> above, List<Node> below, Node rest) {
      this.above = above;
      this.below = below;
      this.rest = rest;
    }

    /** None where nothing can be taken out. */
    static Option<Taken> out(Simplify simplify, Node x) {
      return Option.some(all(simplify, x))
          .filter(taken -> taken.above.nonEmpty() || taken.below.nonEmpty());
    }

    private static Taken all(Simplify simplify, Node x) {
      Option<Node> number = number(simplify, x);
      if (number.isDefined()) {
        Node one = simplify.constant(1, Level.Name.VOCABULARY);
        boolean unit = Constants.is(number.get(), 1);
        return new Taken(unit ? List.empty() : List.of(number.get()), List.empty(), one);
      }
      if (x instanceof Node.Binary b && b.op() == BinaryOp.TIMES) {
        Taken left = all(simplify, b.left());
        Taken right = all(simplify, b.right());
        return new Taken(
            left.above.appendAll(right.above),
            left.below.appendAll(right.below),
            simplify.times(left.rest, right.rest));
      }
      if (x instanceof Node.Binary b && b.op() == BinaryOp.DIVIDE) {
        Option<Node> divisor = number(simplify, b.right());
        if (divisor.isDefined()) {
          Taken left = all(simplify, b.left());
          return new Taken(left.above, left.below.append(divisor.get()), left.rest);
        }
      }
      return new Taken(List.empty(), List.empty(), x);
    }

    Node of(Simplify simplify, Node sum) {
      Node product = above.foldLeft(sum, (all, factor) -> simplify.times(factor, all));
      return below.foldLeft(product, simplify::divide);
    }
  }
}
