package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Comparator;
import java.util.function.Predicate;
import lossmith.dsl.Level;

/** A signed product of factors over others. */
record Summand(boolean negative, List<Factor> over, List<Factor> under) {
  private static final Comparator<Factor> PLACES =
      Comparator.comparing(Factor::rank).thenComparing(Factor::weight);
  private static final Factor UNIT = new Factor("1", false, Factor.Rank.NUMBER);

  /** What a product is that has no factors. */
  static final Summand ONE = of(UNIT);

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
    List<Factor> above = without(allOver, allUnder);
    List<Factor> below = without(allUnder, allOver).removeAll(UNIT);
    List<Factor> factors = above.removeAll(UNIT);
    return new Summand(
        negative != other.negative,
        factors.isEmpty() && below.isEmpty() ? List.of(UNIT) : factors,
        below);
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
        .reject(one -> one.equals(UNIT) || one.rank() == Factor.Rank.BIG_SUM);
  }

  /** What another has besides these factors. */
  Summand leftOf(Summand other) {
    List<Factor> left = without(other.over, over);
    return new Summand(
        other.negative, left.isEmpty() ? List.of(UNIT) : left, without(other.under, under));
  }

  /** What this adds where it is a sum in brackets, otherwise itself. */
  List<Summand> opened() {
    List<Summand> inside = only() ? over.head().inside() : List.empty();
    return inside.isEmpty() ? List.of(this) : inside.map(one -> negative ? one.negated() : one);
  }

  /** What this adds where it is a product with one sum in brackets, otherwise itself. */
  List<Summand> multiplied() {
    List<Factor> sums = over.filter(one -> one.inside().nonEmpty() && !one.weight());
    if (sums.size() != 1) {
      return List.of(this);
    }
    Summand weight = new Summand(negative, over.remove(sums.head()), under);
    return sums.head().inside().map(weight::times);
  }

  /** Whether the two make 0. */
  boolean cancels(Summand other) {
    return negative != other.negative && same(over, other.over) && same(under, other.under);
  }

  private static boolean same(List<Factor> some, List<Factor> others) {
    List<Factor> x = some.removeAll(UNIT);
    List<Factor> y = others.removeAll(UNIT);
    return x.size() == y.size() && without(x, y).isEmpty();
  }

  /** The same with the other sign, for which a bracket of which most is negative is turned. */
  Option<Summand> turned(Notation notation) {
    return over.find(one -> 2 * one.inside().count(Summand::negative) > one.inside().size())
        .map(
            one -> {
              Piece inside = Piece.of(one.inside().map(Summand::negated));
              Factor turned = Factor.sum(notation.sum(inside), one.rank(), inside.summands());
              return new Summand(!negative, over.replace(one, turned), under);
            });
  }

  /** The factors, over and under, that a condition picks. */
  Summand part(Predicate<Factor> ofOver, Predicate<Factor> ofUnder) {
    return new Summand(false, over.filter(ofOver), under.filter(ofUnder));
  }

  /** The same, each factor known to be one number at a level unless it is at a coarser one. */
  Summand at(Level.Name where) {
    return new Summand(negative, over.map(one -> one.at(where)), under.map(one -> one.at(where)));
  }

  Summand inverse() {
    return new Summand(negative, under, over.removeAll(UNIT));
  }

  /** Whether all factors are numbers or parameters. */
  boolean bounds() {
    return over.appendAll(under)
        .forAll(one -> one.rank() == Factor.Rank.NUMBER || one.rank() == Factor.Rank.PARAMETER);
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
    Factor number = new Factor(NumberText.text(product), false, Factor.Rank.NUMBER);
    List<Factor> all = number.text().length() < 7 ? numbers._2.prepend(number) : factors;
    List<Factor> sorted = all.reject(UNIT::equals).sorted(PLACES);
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
