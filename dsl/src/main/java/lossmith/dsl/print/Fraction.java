package lossmith.dsl.print;

import io.vavr.collection.List;

/**
 * A product as it is set: a number over counts, which people write in front, then the rest, over
 * and under a line. Where nothing else is over the line, the counts stand under it with the rest.
 *
 * @param number in digits, over the counts; 1 where there are none
 */
record Fraction(String number, List<Factor> counts, List<Factor> over, List<Factor> under) {
  static Fraction of(Summand summand) {
    List<Factor> over = Summand.ordered(summand.over());
    var sizes = summand.under().partition(one -> one.rank() == Factor.Rank.SIZE);
    boolean alone = over.forAll(Factor::plainNumber) && sizes._2.nonEmpty();
    if (alone || sizes._1.isEmpty()) {
      return new Fraction("1", List.empty(), over, Summand.ordered(summand.under()));
    }
    boolean numbered = over.nonEmpty() && over.head().plainNumber();
    return new Fraction(
        numbered ? over.head().text() : "1",
        sizes._1,
        numbered ? over.tail() : over,
        Summand.ordered(sizes._2));
  }
}
