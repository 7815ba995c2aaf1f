package lossmith.blackbox;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;

/**
 * What is exchanged in an objective.
 *
 * @param piece of its formula
 * @param advantage instead of its own
 * @param sampler a weight for what sampled a token
 * @param weight what a token weighs: where its denominators stand
 * @param bounds parameters that are set, by name
 * @param dual the bound on the ratio where the advantage is negative
 * @param added whether terms are added that are seen
 */
record ExchangedParts(
    Option<Exchange> piece,
    Option<Estimates> advantage,
    Option<SamplerWeight> sampler,
    Option<TokenWeight> weight,
    Map<String, Double> bounds,
    Option<Double> dual,
    boolean added) {
  /** Nothing is. */
  static final ExchangedParts NONE =
      new ExchangedParts(
          Option.none(),
          Option.none(),
          Option.none(),
          Option.none(),
          LinkedHashMap.empty(),
          Option.none(),
          false);

  /** How many there are. */
  static final int COUNT = 7;

  ExchangedParts with(Option<Exchange> other) {
    return new ExchangedParts(other, advantage, sampler, weight, bounds, dual, added);
  }

  ExchangedParts advised(Option<Estimates> other) {
    return new ExchangedParts(piece, other, sampler, weight, bounds, dual, added);
  }

  ExchangedParts weighing(Option<TokenWeight> other) {
    return new ExchangedParts(piece, advantage, sampler, other, bounds, dual, added);
  }

  ExchangedParts bounded(Map<String, Double> other) {
    return new ExchangedParts(piece, advantage, sampler, weight, other, dual, added);
  }

  ExchangedParts dual(Option<Double> other) {
    return new ExchangedParts(piece, advantage, sampler, weight, bounds, other, added);
  }

  ExchangedParts adding(boolean other) {
    return new ExchangedParts(piece, advantage, sampler, weight, bounds, dual, other);
  }

  /** {@return the same with one of them as it was, if it is exchanged} */
  Option<ExchangedParts> without(int part) {
    ExchangedParts fewer =
        switch (part) {
          case 0 -> with(Option.none());
          case 1 -> advised(Option.none());
          case 2 -> weighing(Option.none());
          case 3 -> bounded(LinkedHashMap.empty());
          case 4 -> dual(Option.none());
          case 5 ->
              new ExchangedParts(piece, advantage, Option.none(), weight, bounds, dual, added);
          default -> adding(false);
        };
    return Option.when(!fewer.equals(this), fewer);
  }

  /** {@return the objective with its pieces, its advantage and its denominator exchanged} */
  Option<Loss> of(Loss loss) {
    Loss other = piece.map(one -> loss.rewritten(one::of)).getOrElse(loss);
    if (piece.isDefined() && same(other, loss)) {
      return Option.none();
    }
    Loss advised =
        advantage
            .map(one -> other.rewritten(root -> RecipeBox.advised(root, a -> one.node())))
            .getOrElse(other);
    Loss sampled =
        sampler
            .map(one -> advised.rewritten(root -> RecipeBox.advised(root, one::times)))
            .getOrElse(advised);
    return weight.isEmpty() ? Option.some(sampled) : weighed(sampled);
  }

  private static boolean same(Loss left, Loss right) {
    return left.parts()
        .values()
        .zip(right.parts().values())
        .forAll(pair -> pair._1.node() == pair._2.node());
  }

  private static Option<Loss> weighed(Loss loss) {
    Option<Node> sum =
        Option.when(loss.parts().size() == 1, () -> loss.parts().head()._2.node())
            .flatMap(PerToken::weighed);
    return sum.map(one -> loss.rewritten(root -> one));
  }
}
