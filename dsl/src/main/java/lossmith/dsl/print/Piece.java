package lossmith.dsl.print;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.Level;

/**
 * A piece of formula: a sum of signed products, or a condition.
 *
 * @param logOf what this is the logarithm of, where that is known, so that exp(log x) reads x
 * @param cases what this chooses from, where it does nothing else
 */
record Piece(
    List<Summand> summands,
    Option<Relation> relation,
    Option<Summand> logOf,
    Option<CaseRows> cases) {
  static Piece of(Summand summand) {
    return of(List.of(summand));
  }

  static Piece of(List<Summand> summands) {
    return new Piece(summands, Option.none(), Option.none(), Option.none());
  }

  /** log x. */
  static Piece log(String text, Summand of) {
    Factor log = new Factor(text, false, Factor.Rank.LOG);
    return of(Summand.of(log)).logOf(of);
  }

  static Piece of(String text, Factor.Rank rank) {
    return of(Summand.of(new Factor(text, false, rank)));
  }

  static Piece atom(String text) {
    return of(text, Factor.Rank.OTHER);
  }

  static Piece of(Relation relation) {
    return new Piece(List.empty(), Option.some(relation), Option.none(), Option.none());
  }

  static Piece of(CaseRows cases, Notation notation) {
    Piece text = of(notation.cases(cases), Factor.Rank.CASES);
    return new Piece(text.summands, Option.none(), Option.none(), Option.some(cases));
  }

  /** The same, each factor known to be one number at a level unless it is at a coarser one. */
  Piece at(Level.Name where) {
    return new Piece(
        summands.map(one -> one.at(where)), relation, logOf.map(of -> of.at(where)), cases);
  }

  /** The same text, known to be the logarithm of something. */
  Piece logOf(Summand of) {
    return new Piece(summands, relation, Option.some(of), cases);
  }

  /** a + b, where 0 adds nothing; log a + log b is the logarithm of a·b. */
  Piece plus(Piece other) {
    return new Piece(
        sum(summands.appendAll(other.summands)),
        Option.none(),
        logOf.flatMap(of -> other.logOf.map(of::times)),
        Option.none());
  }

  /** The same summands without 0 and what cancels; brackets are opened where that cancels more. */
  private static List<Summand> sum(List<Summand> all) {
    List<Summand> left = cancelled(all);
    List<Summand> multiplied = left.flatMap(Summand::multiplied);
    return List.of(left.flatMap(Summand::opened), multiplied, multiplied.flatMap(Summand::opened))
        .map(opened -> Tuple.of(opened, cancelled(opened)))
        .find(one -> one._2.size() < one._1.size())
        .map(one -> sum(one._2))
        .getOrElse(left);
  }

  private static List<Summand> cancelled(List<Summand> all) {
    Summand zero = Summand.of(new Factor("0", false, Factor.Rank.NUMBER));
    List<Summand> left = List.empty();
    for (Summand one : all.reject(zero::equals)) {
      Option<Summand> opposite = left.find(one::cancels);
      left = opposite.isDefined() ? left.remove(opposite.get()) : left.append(one);
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
    Summand shared = shared();
    List<Summand> rest = of(sum(summands.map(shared::leftOf))).weighed(notation).summands;
    if (rest.size() == 1) {
      return shared.times(rest.head());
    }
    if (of(rest).shares()) {
      return shared.times(of(rest).product(notation));
    }
    List<Summand> turned =
        rest.map(one -> one.negative() ? one : one.turned(notation).getOrElse(one));
    boolean negative = turned.forAll(Summand::negative);
    Piece inside = of(negative ? turned.map(Summand::negated) : rest);
    Factor.Rank rank = inside.bounds() ? Factor.Rank.PARAMETER : Factor.Rank.OTHER;
    Factor sum = Factor.sum(notation.sum(inside), rank, inside.summands);
    Summand all = shared.times(Summand.of(sum));
    return negative ? all.negated() : all;
  }

  /**
   * The factors common to all summands; no number where only parameters of a summand would remain.
   */
  private Summand shared() {
    Summand shared = summands.reduce(Summand::shared);
    return summands.map(shared::leftOf).exists(Summand::bounds)
        ? shared.part(one -> one.rank() != Factor.Rank.NUMBER, one -> true)
        : shared;
  }

  /** Whether all summands of a sum share something. */
  boolean shares() {
    Summand shared = shared();
    return summands.size() > 1 && !(shared.over().isEmpty() && shared.under().isEmpty());
  }

  /** As it is printed: signs where they read best, what several summands weigh alike in one. */
  Piece shown(Notation notation) {
    Piece turned =
        of(summands.map(one -> one.negative() ? one.turned(notation).getOrElse(one) : one));
    boolean less = turned.summands.size() == 1 && turned.summands.head().negative();
    List<Summand> opened = less ? turned.summands.head().opened() : turned.summands;
    boolean adds = opened.size() > 1 && opened.exists(one -> !one.negative());
    return (adds ? of(opened) : turned).weighed(notation);
  }

  private Piece weighed(Notation notation) {
    List<Factor> over = summands.flatMap(Summand::over);
    List<Factor> sizes =
        summands.flatMap(Summand::under).filter(one -> one.rank() == Factor.Rank.SIZE);
    for (Factor weight : over.appendAll(sizes).distinct()) {
      List<Summand> those =
          summands.filter(one -> one.over().contains(weight) || one.under().contains(weight));
      int enough =
          switch (weight.rank()) {
            case PARAMETER, SIZE -> 2;
            case OTHER, RATIO -> 3;
            default -> Integer.MAX_VALUE;
          };
      if (those.size() >= enough && those.size() < summands.size()) {
        Summand together = of(those).product(notation);
        return of(summands.replace(those.head(), together).removeAll(those.tail()))
            .weighed(notation);
      }
    }
    return this;
  }

  /** Whether all factors are numbers or parameters. */
  boolean bounds() {
    return summands.forAll(s -> s.only(Factor.Rank.NUMBER) || s.only(Factor.Rank.PARAMETER));
  }

  /** Where papers put this as a factor. */
  Factor.Rank rank() {
    return summands.size() == 1 && summands.head().only()
        ? summands.head().over().head().rank()
        : Factor.Rank.OTHER;
  }
}
