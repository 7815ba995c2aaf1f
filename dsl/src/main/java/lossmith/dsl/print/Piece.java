package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.control.Option;

/**
 * A piece of formula: a sum of signed products, or a condition.
 *
 * @param logOf what this is the logarithm of, where that is known, so that exp(log x) reads x
 */
record Piece(List<Summand> summands, Option<Relation> relation, Option<Summand> logOf) {
  static Piece of(Summand summand) {
    return new Piece(List.of(summand), Option.none(), Option.none());
  }

  /** log x. */
  static Piece log(String text, Summand of) {
    Factor log = new Factor(text, false, Factor.Rank.LOG);
    return new Piece(List.of(Summand.of(log)), Option.none(), Option.some(of));
  }

  static Piece of(String text, Factor.Rank rank) {
    return of(Summand.of(new Factor(text, false, rank)));
  }

  static Piece atom(String text) {
    return of(text, Factor.Rank.OTHER);
  }

  static Piece of(Relation relation) {
    return new Piece(List.empty(), Option.some(relation), Option.none());
  }

  /** The same text, known to be the logarithm of something. */
  Piece logOf(Summand of) {
    return new Piece(summands, relation, Option.some(of));
  }

  /** a + b, where 0 adds nothing; log a + log b is the logarithm of a·b. */
  Piece plus(Piece other) {
    return new Piece(
        sum(summands.appendAll(other.summands)),
        Option.none(),
        logOf.flatMap(of -> other.logOf.map(of::times)));
  }

  /** The same summands without 0 and what cancels. */
  private static List<Summand> sum(List<Summand> all) {
    Summand zero = Summand.of(new Factor("0", false, Factor.Rank.NUMBER));
    List<Summand> left = List.empty();
    for (Summand one : all.reject(zero::equals)) {
      left = left.contains(one.negated()) ? left.remove(one.negated()) : left.append(one);
    }
    return left.isEmpty() ? List.of(zero) : left;
  }

  /** −a; a sum stays together in brackets. */
  Piece negated(Notation notation) {
    return of(product(notation).negated());
  }

  /** This as one product: of a sum what its summands share, and the rest in brackets. */
  Summand product(Notation notation) {
    if (summands.size() == 1) {
      return summands.head();
    }
    Summand shared = summands.reduce(Summand::shared);
    Piece rest = new Piece(sum(summands.map(shared::leftOf)), Option.none(), Option.none());
    Factor.Rank rank = rest.bounds() ? Factor.Rank.SETTING : Factor.Rank.OTHER;
    return shared.times(Summand.of(new Factor(notation.sum(rest), true, rank)));
  }

  /** Whether this is made of numbers and parameters alone. */
  boolean bounds() {
    return summands.forAll(s -> s.only(Factor.Rank.NUMBER) || s.only(Factor.Rank.SETTING));
  }

  /** Where papers put this as a factor. */
  Factor.Rank rank() {
    return summands.size() == 1 && summands.head().only()
        ? summands.head().over().head().rank()
        : Factor.Rank.OTHER;
  }
}
