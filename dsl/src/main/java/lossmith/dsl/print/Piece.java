package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.control.Option;

/** A piece of formula: a sum of signed products, or a condition. */
record Piece(List<Summand> summands, Option<Relation> relation) {
  static Piece of(Summand summand) {
    return new Piece(List.of(summand), Option.none());
  }

  static Piece of(String text, Factor.Rank rank) {
    return of(Summand.of(new Factor(text, false, rank)));
  }

  static Piece atom(String text) {
    return of(text, Factor.Rank.OTHER);
  }

  static Piece of(Relation relation) {
    return new Piece(List.empty(), Option.some(relation));
  }

  /** a + b, where 0 adds nothing. */
  Piece plus(Piece other) {
    Factor zero = new Factor("0", false, Factor.Rank.NUMBER);
    List<Summand> all = summands.appendAll(other.summands);
    return new Piece(
        all.filter(one -> !one.equals(Summand.of(zero))).orElse(all.take(1)), Option.none());
  }

  /** −a; a sum stays together in brackets. */
  Piece negated(Notation notation) {
    return of(product(notation).negated());
  }

  /** This as one product: a sum becomes a factor in brackets. */
  Summand product(Notation notation) {
    return summands.size() == 1
        ? summands.head()
        : Summand.of(new Factor(notation.sum(this), true, Factor.Rank.OTHER));
  }

  /** Where papers put this as a factor. */
  Factor.Rank rank() {
    return summands.size() == 1
            && summands.head().over().size() == 1
            && summands.head().under().isEmpty()
        ? summands.head().over().head().rank()
        : Factor.Rank.OTHER;
  }
}
