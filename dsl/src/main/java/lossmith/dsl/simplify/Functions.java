package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/**
 * The rules of what is made of one term or condition. Products of counts and settings are spread
 * factor by factor, so that they can cancel.
 */
final class Functions {
  static final Seq<Rule<?>> RULES =
      List.of(
          of(Node.Named.class, Node.Constant.class, "c by a name = c", (s, x, c) -> c),
          of(Node.Named.class, Node.Truth.class, "true by a name = true", (s, x, t) -> t),
          of(
              Node.Broadcast.class,
              Node.Constant.class,
              "c spread = c",
              (s, x, c) -> s.constant(c.value(), x.to())),
          of(
              Node.Broadcast.class,
              Node.Truth.class,
              "true spread = true",
              (s, x, t) -> s.truth(t.value(), x.to())),
          of(
              Node.Broadcast.class,
              Node.Broadcast.class,
              "x spread and spread again = x spread",
              (s, x, of) -> s.spread(of.of(), x.to())),
          ofNegated(
              Node.Broadcast.class,
              "−x spread = −(x spread)",
              (s, x, of) -> Option.some(s.negate(s.spread(of, x.to())))),
          some(
              Node.Broadcast.class,
              Node.Binary.class,
              "x·y spread = (x spread)·(y spread), likewise x/y",
              (s, x, of) ->
                  Option.when(
                      of.op() == BinaryOp.TIMES || of.op() == BinaryOp.DIVIDE,
                      () ->
                          s.binary(
                              of.op(), s.spread(of.left(), x.to()), s.spread(of.right(), x.to())))),
          of(
              Node.Gather.class,
              Node.Broadcast.class,
              "x spread over the vocabulary, at the sampled token = x",
              (s, x, of) -> s.spread(of.of(), Level.Name.TOKEN)),
          of(
              Node.Not.class,
              Node.Truth.class,
              "¬true = false, ¬false = true",
              (s, x, t) -> s.truth(!t.value(), t.level())),
          of(Node.Not.class, Node.Not.class, "¬¬p = p", (s, x, p) -> p.of()),
          some(
              Node.Unary.class,
              Node.Constant.class,
              "f(c) is a constant",
              (s, x, c) ->
                  Constants.of(x.op(), c.value()).map(value -> s.constant(value, x.level()))),
          ofNegated(
              Node.Unary.class, "−(−x) = x", (s, f, x) -> Option.when(f.op() == UnaryOp.NEGATE, x)),
          ofNegated(
              Node.Unary.class,
              "|−x| = |x|, (−x)² = x²",
              (s, f, x) ->
                  Option.when(
                      f.op() == UnaryOp.ABS || f.op() == UnaryOp.SQUARE, () -> s.unary(f.op(), x))),
          some(
              Node.Clip.class,
              Node.Constant.class,
              "c clipped to constants is a constant",
              (s, x, c) ->
                  Constants.value(x.low())
                      .map(low -> Math.max(low, c.value()))
                      .flatMap(
                          least -> Constants.value(x.high()).map(high -> Math.min(high, least)))
                      .map(value -> s.constant(value, x.level()))));

  private Functions() {}

  /** What a rule makes of a node and the one inside it. */
  private interface OfOne<N, C, R> {
    R of(Simplify s, N node, C inner);
  }

  private static <N extends Node.Of, C extends Node> Rule<N> some(
      Class<N> kind, Class<C> inner, String law, OfOne<N, C, Option<Node>> rewriting) {
    return new Rule<>(
        kind,
        law,
        (s, x) ->
            inner.isInstance(x.of()) ? rewriting.of(s, x, inner.cast(x.of())) : Option.none());
  }

  private static <N extends Node.Of, C extends Node> Rule<N> of(
      Class<N> kind, Class<C> inner, String law, OfOne<N, C, Node> rewriting) {
    return some(kind, inner, law, (s, x, of) -> Option.some(rewriting.of(s, x, of)));
  }

  private static <N extends Node.Of> Rule<N> ofNegated(
      Class<N> kind, String law, OfOne<N, Node, Option<Node>> rewriting) {
    return some(
        kind,
        Node.Unary.class,
        law,
        (s, x, u) -> u.op() == UnaryOp.NEGATE ? rewriting.of(s, x, u.of()) : Option.none());
  }
}
