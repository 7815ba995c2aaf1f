package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.estimator.TokenEstimate.Kind;

/** The estimators of what tokens earn: the named ones, and those with one thing wrong. */
final class TokenEstimates {
  private static final int MOST_STEPS = 5;

  /** The least discount. */
  private static final double LEAST = 0.01;

  /** The least that a ratio is truncated at. */
  private static final double SMALLEST_BOUND = 0.5;

  /** The least c of λ = 1 − 1/(c |y|). */
  private static final double SMALLEST_SLOPE = 1e-3;

  private final Seq<Double> factors;
  private final Seq<Double> constants;

  /**
   * Those with some constants.
   *
   * @param constants the numbers that a term has, of which γ, λ and γλ are some
   */
  TokenEstimates(Seq<Double> constants) {
    Seq<Double> within = constants.filter(x -> x >= LEAST && x <= 1).append(1.0).distinct();
    Seq<Double> quotients = within.flatMap(x -> within.filter(y -> x < y).map(y -> x / y));
    Seq<Double> rest = within.map(x -> 1 - x).filter(x -> x >= LEAST);
    this.factors = within.appendAll(quotients).appendAll(rest).distinct();
    this.constants = constants.filter(x -> x > 0);
  }

  /** All of them, those that have a name first. */
  Seq<TokenEstimate> all() {
    Seq<TokenEstimate> named = named();
    Seq<TokenEstimate> wrong =
        List.of(TokenSlip.values())
            .remove(TokenSlip.NONE)
            .flatMap(slip -> named.filter(one -> speaks(one, slip)).map(one -> with(one, slip)));
    return whitened(named).appendAll(whitened(wrong));
  }

  private Seq<TokenEstimate> named() {
    Seq<TokenEstimate> gae =
        factors.flatMap(
            gamma ->
                factors
                    .append(0.0)
                    .flatMap(
                        lambda ->
                            List.of(Kind.GAE, Kind.GAE_BOOTSTRAPPED)
                                .map(kind -> of(kind, gamma, lambda))));
    Seq<TokenEstimate> bounded =
        factors.flatMap(
            gamma ->
                constants
                    .filter(c -> c >= SMALLEST_BOUND)
                    .map(c -> of(Kind.V_TRACE, gamma, c))
                    .appendAll(
                        constants
                            .filter(c -> c >= SMALLEST_SLOPE && c <= 1)
                            .map(c -> of(Kind.GAE_BY_LENGTH, gamma, c))));
    return factors
        .map(gamma -> of(Kind.RETURNS, gamma, 0))
        .append(of(Kind.OWN_REWARD, 1, 0))
        .appendAll(gae)
        .appendAll(
            factors.flatMap(
                gamma ->
                    List.rangeClosed(2, MOST_STEPS)
                        .map(
                            n ->
                                new TokenEstimate(
                                    Kind.STEPS, gamma, 0, n, TokenSlip.NONE, false, 0))))
        .appendAll(bounded);
  }

  private static TokenEstimate of(Kind kind, double gamma, double lambda) {
    return new TokenEstimate(kind, gamma, lambda, 0, TokenSlip.NONE, false, 0);
  }

  private static TokenEstimate with(TokenEstimate one, TokenSlip slip) {
    return new TokenEstimate(one.kind(), one.gamma(), one.lambda(), one.steps(), slip, false, 0);
  }

  private static boolean speaks(TokenEstimate one, TokenSlip slip) {
    boolean discounts = one.gamma() < 1;
    return switch (one.kind()) {
      case RETURNS ->
          switch (slip) {
            case EARLY_DISCOUNT, FROM_THE_START -> discounts;
            case FORWARD, NEXT_REWARD -> true;
            default -> false;
          };
      case GAE ->
          switch (slip) {
            case EARLY_DISCOUNT, FROM_THE_START -> discounts && one.lambda() > 0;
            case FORWARD -> one.lambda() > 0;
            default -> true;
          };
      case STEPS ->
          slip == TokenSlip.NO_VALUE
              || slip == TokenSlip.VALUE_ADDED
              || slip == TokenSlip.NEXT_REWARD;
      default -> false;
    };
  }

  private static Seq<TokenEstimate> whitened(Seq<TokenEstimate> plain) {
    return plain.appendAll(
        List.of(0, 1)
            .flatMap(
                ddof ->
                    plain.map(
                        one ->
                            new TokenEstimate(
                                one.kind(),
                                one.gamma(),
                                one.lambda(),
                                one.steps(),
                                one.slip(),
                                true,
                                ddof))));
  }
}
