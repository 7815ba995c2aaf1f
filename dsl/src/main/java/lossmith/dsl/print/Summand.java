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

  /** The product, in which what stands over and under cancels. */
  Summand times(Summand other) {
    List<Factor> allOver = over.appendAll(other.over);
    List<Factor> allUnder = under.appendAll(other.under);
    return new Summand(
        negative != other.negative, without(allOver, allUnder), without(allUnder, allOver));
  }

  private static List<Factor> without(List<Factor> factors, List<Factor> others) {
    return others.foldLeft(factors, List::remove);
  }

  /** The factors that both have, over and under, without big sums, which stay where they are. */
  Summand shared(Summand other) {
    return new Summand(false, shared(over, other.over), shared(under, other.under));
  }

  private static List<Factor> shared(List<Factor> factors, List<Factor> others) {
    return without(factors, without(factors, others))
        .reject(one -> one.equals(ONE) || one.rank() == Factor.Rank.BIG_SUM);
  }

  /** What another has besides these factors. */
  Summand leftOf(Summand other) {
    List<Factor> left = without(other.over, over);
    return new Summand(
        other.negative, left.isEmpty() ? List.of(ONE) : left, without(other.under, under));
  }

  Summand inverse() {
    return new Summand(negative, under, over);
  }

  /** Whether this is one factor. */
  boolean only() {
    return over.size() == 1 && under.isEmpty();
  }

  /** Whether this is one factor of a kind. */
  boolean only(Factor.Rank rank) {
    return only() && over.head().rank() == rank;
  }

  /** The factors in the order of papers, equal ones as powers. */
  static List<Factor> ordered(List<Factor> factors) {
    var numbers = factors.partition(Factor::plainNumber);
    double product = numbers._1.map(Factor::text).map(Double::valueOf).product().doubleValue();
    Factor number = new Factor(Numbers.text(product), false, Factor.Rank.NUMBER);
    List<Factor> all = number.text().length() < 7 ? numbers._2.prepend(number) : factors;
    List<Factor> sorted = all.reject(ONE::equals).sortBy(Factor::rank);
    List<Factor> result = List.empty();
    while (sorted.nonEmpty()) {
      Factor first = sorted.head();
      var same = sorted.partition(first::equals);
      result = result.append(first.power(same._1.size()));
      sorted = same._2;
    }
    return result;
  }
}
