package lossmith.proofs.known;

import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * Where a factor of a known sum belongs to some of its summands alone, as in a − b/c for (a − b)/c.
 */
final class OtherFactor {
  /** A longer sum is written as one by nobody. */
  private static final int LONGEST = 4;

  private OtherFactor() {}

  /** A factor that belongs to other summands than in the known term. */
  static Option<MistakenFor> between(TermForm own, TermForm known) {
    return torn(known).exists(one -> MistakenFor.same(own, one))
            || torn(own).exists(one -> MistakenFor.same(one, known))
        ? MistakenFor.said("a factor or divisor belongs to other summands", 1)
        : Option.none();
  }

  /** A term of which one factor of a sum is that of some summands alone. */
  private static Seq<TermForm> torn(TermForm x) {
    if (x.is(TermForm.PRODUCT)) {
      return tornProduct(x);
    }
    return x.is(TermForm.SUM)
        ? x.of()
            .flatMap(
                one -> {
                  Tuple2<Boolean, TermForm> split = Shapes.split(one);
                  Seq<TermForm> rest = x.of().remove(one);
                  return split._2.is(TermForm.PRODUCT)
                      ? tornProduct(split._2)
                          .map(it -> split._1 ? Shapes.negated(it, it.node()) : it)
                          .map(it -> sum(x, rest.append(it)))
                      : List.empty();
                })
        : List.empty();
  }

  private static Seq<TermForm> tornProduct(TermForm product) {
    return product
        .of()
        .filter(one -> one.is(TermForm.SUM) && one.of().size() <= LONGEST)
        .flatMap(
            sum -> {
              Seq<TermForm> factors = product.of().remove(sum);
              return factors.forAll(TermForm::isNumber)
                  ? List.<TermForm>empty()
                  : sum.of()
                      .combinations()
                      .filter(bare -> bare.nonEmpty() && bare.size() < sum.of().size())
                      .map(bare -> torn(sum, bare, factors));
            });
  }

  private static TermForm torn(TermForm sum, Seq<TermForm> bare, Seq<TermForm> factors) {
    TermForm others = sum(sum, sum.of().removeAll(bare));
    TermForm scaled =
        Shapes.product(sum.node(), factors.append(others).toJavaArray(TermForm[]::new));
    return sum(sum, bare.append(scaled));
  }

  private static TermForm sum(TermForm like, Seq<TermForm> summands) {
    return Shapes.sum(like.node(), summands.toJavaArray(TermForm[]::new));
  }
}
