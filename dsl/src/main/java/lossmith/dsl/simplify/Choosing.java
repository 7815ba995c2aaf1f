package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/** The rules of choosing between two terms. */
final class Choosing {
  static final Seq<Rule<?>> RULES =
      List.of(
          rule(
              "{x if true; y otherwise} = x, {x if false; y otherwise} = y",
              (s, x) ->
                  x.when() instanceof Node.Truth t
                      ? Option.some(t.value() ? x.left() : x.right())
                      : Option.none()),
          rule("{x if p; x otherwise} = x", (s, x) -> Option.when(x.left() == x.right(), x.left())),
          elseZero(
              "1[p]·x = x, if x is a sum that is 0 where p does not hold",
              (s, p, x) -> Option.when(x instanceof Node.Binary && Conditions.within(x, p), x)),
          elseZero(
              "1[p]·1[q]·x = 1[p ∧ q]·x",
              (s, p, x) ->
                  x instanceof Node.Select q && Constants.is(q.right(), 0)
                      ? Option.some(s.when(s.and(p, q.when()), q.left()))
                      : Option.none()),
          elseZero(
              "1[p]·(−x) = −(1[p]·x)",
              (s, p, x) ->
                  x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE
                      ? Option.some(s.negate(s.when(p, u.of())))
                      : Option.none()),
          elseZero(
              "1[p]·x = 1[p]·y, y being what p makes of x where it holds",
              (s, p, x) -> {
                Node known = Facts.of(p).within(s::simple, x);
                return Option.when(known != x, () -> s.when(p, known));
              }),
          rule(
              "{0 if p; x otherwise} = 1[¬p]·x",
              (s, x) ->
                  Option.when(
                      Constants.is(x.left(), 0) && !Constants.is(x.right(), 0),
                      () -> s.when(s.not(x.when()), x.right()))),
          rule(
              "{x if ¬p; y otherwise} = {y if p; x otherwise}, unless y = 0",
              (s, x) ->
                  x.when() instanceof Node.Not p && !Constants.is(x.right(), 0)
                      ? Option.some(s.select(p.of(), /* left= */ x.right(), /* right= */ x.left()))
                      : Option.none()));

  private Choosing() {}

  private static Rule<?> rule(String law, Rule.Rewriting<Node.Select> rewriting) {
    return new Rule<>(Node.Select.class, law, rewriting);
  }

  /** What a rule makes of 1[when]·x. */
  private interface ElseZero {
    Option<Node> of(Simplify s, Node when, Node x);
  }

  private static Rule<?> elseZero(String law, ElseZero rewriting) {
    return rule(
        law,
        (s, x) -> Constants.is(x.right(), 0) ? rewriting.of(s, x.when(), x.left()) : Option.none());
  }
}
