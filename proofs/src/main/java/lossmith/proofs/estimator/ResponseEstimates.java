package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.estimator.ResponseEstimate.Form;
import lossmith.proofs.estimator.ResponseEstimate.Lone;
import lossmith.proofs.estimator.ResponseEstimate.Whitened;

/**
 * The estimators that compare the rewards of responses: the named ones, and those that are near.
 */
final class ResponseEstimates {
  private final Seq<Double> epsilons;
  private final Seq<Double> shares;

  /**
   * Those with some constants.
   *
   * @param constants the numbers that a term has
   */
  ResponseEstimates(Seq<Double> constants) {
    this.epsilons = constants.filter(x -> x > 0 && x < 0.1);
    this.shares = constants.filter(x -> x > 0 && x < 1 && x != 0.5);
  }

  /** A way to keep a std from 0, and by how much. */
  private record Kept(Guard guard, double epsilon) {}

  private Seq<Kept> kept() {
    return List.of(new Kept(Guard.NONE, 0))
        .appendAll(
            epsilons.flatMap(
                epsilon ->
                    List.of(Guard.values())
                        .remove(Guard.NONE)
                        .map(guard -> new Kept(guard, epsilon))));
  }

  /** All of them, those that have a name first. */
  Seq<ResponseEstimate> all() {
    Seq<ResponseEstimate> forms =
        pairs(Form.QUOTIENT, Centre.values(), Divisor.values())
            .appendAll(
                pairs(
                    Form.CENTRE_DIVIDED,
                    new Centre[] {Centre.GROUP_MEAN, Centre.BATCH_MEAN},
                    new Divisor[] {Divisor.GROUP_STD, Divisor.BATCH_STD}))
            .appendAll(
                pairs(
                    Form.PRODUCT,
                    new Centre[] {Centre.GROUP_MEAN, Centre.BATCH_MEAN, Centre.OTHERS},
                    new Divisor[] {Divisor.GROUP_STD, Divisor.BATCH_STD, Divisor.GROUP_MEAN}))
            .appendAll(
                pairs(
                    Form.SUM,
                    new Centre[] {Centre.GROUP_MEAN, Centre.BATCH_MEAN, Centre.OTHERS},
                    new Divisor[] {Divisor.ONE, Divisor.GROUP_STD, Divisor.BATCH_STD}))
            .appendAll(
                pairs(
                    Form.TURNED,
                    new Centre[] {Centre.GROUP_MEAN, Centre.BATCH_MEAN, Centre.OTHERS},
                    new Divisor[] {Divisor.ONE, Divisor.GROUP_STD, Divisor.BATCH_STD}));
    var both =
        forms.flatMap(this::shared).flatMap(this::conventions).partition(ResponseEstimate::named);
    return both._1.appendAll(both._2.filter(one -> one.difference().isDefined()));
  }

  private static Seq<ResponseEstimate> pairs(Form form, Centre[] centres, Divisor[] divisors) {
    return List.of(centres)
        .flatMap(
            centre ->
                List.of(divisors)
                    .map(
                        by ->
                            new ResponseEstimate(
                                centre,
                                by,
                                form,
                                0,
                                Guard.NONE,
                                0,
                                0,
                                Lone.FORMULA,
                                Whitened.NOT)));
  }

  private Seq<ResponseEstimate> shared(ResponseEstimate one) {
    return one.centre() == Centre.QUANTILE
        ? shares.map(
            share -> with(one, one.ddof(), one.guard(), one.epsilon(), share, Whitened.NOT))
        : List.of(one);
  }

  private Seq<ResponseEstimate> conventions(ResponseEstimate one) {
    Seq<ResponseEstimate> plain = one.divisor().isStd() ? stds(one, Whitened.NOT) : List.of(one);
    boolean white =
        one.form() == Form.QUOTIENT
            && (one.divisor() == Divisor.ONE || one.divisor() == Divisor.GROUP_STD);
    Seq<ResponseEstimate> over =
        white
            ? stds(one, Whitened.TOKENS)
                .appendAll(one.centre().ofGroup() ? stds(one, Whitened.RESPONSES) : List.empty())
            : List.empty();
    return plain.appendAll(over);
  }

  private Seq<ResponseEstimate> stds(ResponseEstimate one, Whitened whitened) {
    return List.of(0, 1)
        .flatMap(
            ddof ->
                kept()
                    .map(
                        kept ->
                            with(one, ddof, kept.guard(), kept.epsilon(), one.share(), whitened)));
  }

  private static ResponseEstimate with(
      ResponseEstimate one,
      int ddof,
      Guard guard,
      double epsilon,
      double share,
      Whitened whitened) {
    return new ResponseEstimate(
        one.centre(), one.divisor(), one.form(), ddof, guard, epsilon, share, one.lone(), whitened);
  }
}
