package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;

/** A sum of two terms whose weights add up to 1: neither is there without the other. */
final class Mixture {
  private static final double NEAR = 1e-9;

  /** The weights are numbers that add up to 1 at each of these values of their parameters. */
  private static final Seq<Double> PLACES = List.of(0.2, 0.7);

  private Mixture() {}

  static boolean of(TermForm sum) {
    return sum.is(TermForm.SUM)
        && sum.of().size() == 2
        && factors(sum.of().get(0))
            .exists(one -> factors(sum.of().get(1)).exists(other -> isRest(one, other)));
  }

  private static Seq<TermForm> factors(TermForm x) {
    TermForm whole = Shapes.split(x)._2;
    return whole.is(TermForm.PRODUCT) ? whole.of() : List.empty();
  }

  private static boolean isRest(TermForm one, TermForm other) {
    if (one.isNumber() || other.isNumber()) {
      var names = one.amount().parameters();
      return !names.isEmpty()
          && names.equals(other.amount().parameters())
          && PLACES
              .map(
                  place ->
                      (Map<String, Double>)
                          HashMap.ofEntries(names.toList().map(name -> Tuple.of(name, place))))
              .forAll(at -> Math.abs(one.amount().at(at) + other.amount().at(at) - 1) <= NEAR);
    }
    return isOneLess(one, other) || isOneLess(other, one);
  }

  private static boolean isOneLess(TermForm one, TermForm other) {
    TermForm rest =
        Shapes.sum(one.node(), TermForm.constant(1, one.node()), Shapes.negated(one, one.node()));
    return rest.print() == other.print();
  }
}
