package lossmith.dsl.print;

import io.vavr.collection.List;

/** A signed product of factors over others. */
record Summand(boolean negative, List<Factor> over, List<Factor> under) {
  private static final Factor ONE = new Factor("1", false, Factor.Rank.NUMBER);

  static Summand of(Factor factor) {
    return new Summand(false, List.of(factor), List.empty());
  }

  Summand negated() {
    return new Summand(!negative, over, under);
  }

  Summand times(Summand other) {
    return new Summand(
        negative != other.negative, over.appendAll(other.over), under.appendAll(other.under));
  }

  Summand inverse() {
    return new Summand(negative, under, over);
  }

  /** The only factor there is, where nothing else is. */
  boolean only(Factor.Rank rank) {
    return over.size() == 1 && under.isEmpty() && over.head().rank() == rank;
  }

  /** The factors in the order of papers, equal neighbours as powers. */
  static List<Factor> ordered(List<Factor> factors) {
    List<Factor> sorted = factors.filter(one -> !one.equals(ONE)).sortBy(Factor::rank);
    List<Factor> result = List.empty();
    while (sorted.nonEmpty()) {
      Factor first = sorted.head();
      var run = sorted.span(first::equals);
      int power = run._1.size();
      Factor next =
          power == 1 ? first : new Factor(first.base() + "^" + power, false, first.rank());
      result = result.append(next);
      sorted = run._2;
    }
    return result;
  }
}
