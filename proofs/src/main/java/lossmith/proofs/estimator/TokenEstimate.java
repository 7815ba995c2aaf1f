package lossmith.proofs.estimator;

import static lossmith.proofs.estimator.PlainResponses.mean;
import static lossmith.proofs.estimator.PlainResponses.variance;

import io.vavr.control.Option;
import java.util.Arrays;

/**
 * What the tokens of a response earned from each of them on, over those that count.
 *
 * @param kind which estimator
 * @param gamma the discount γ
 * @param lambda how far errors are traced, λ; for V-trace the bound of a ratio
 * @param steps how many rewards are added before a value, of n-step returns
 * @param slip what is wrong in it
 * @param whitened whether it is whitened over all tokens in the end
 * @param ddof what is subtracted from the number of tokens there
 */
record TokenEstimate(
    Kind kind, double gamma, double lambda, int steps, TokenSlip slip, boolean whitened, int ddof)
    implements Estimate {
  /** Which estimator. */
  enum Kind {
    /** The reward of a token as it is. */
    OWN_REWARD,
    /** Σ γ^(u−t) r_u. */
    RETURNS,
    /** Σ (γλ)^(u−t) δ_u. */
    GAE,
    /** The same, and behind the last token of a response that was cut a given value. */
    GAE_BOOTSTRAPPED,
    /** The same as GAE, with λ = 1 − 1/(c |y|), or 0 where that is less. */
    GAE_BY_LENGTH,
    /** n rewards and a value, less the value. */
    STEPS,
    /** ρ_t (r_t + γ v_(t+1) − V_t). */
    V_TRACE
  }

  private String name() {
    String discount = "γ = " + (float) gamma;
    return switch (kind) {
      case OWN_REWARD -> "the token's own reward";
      case RETURNS -> "the discounted return from a token on, " + discount;
      case GAE ->
          lambda == 1
              ? "the discounted return less the value (GAE with λ = 1), " + discount
              : "GAE, " + discount + ", λ = " + (float) lambda;
      case GAE_BOOTSTRAPPED ->
          "GAE that goes on from next_value where a response was cut, "
              + discount
              + ", λ = "
              + (float) lambda;
      case GAE_BY_LENGTH -> "GAE, " + discount + ", λ = 1 - 1/(" + (float) lambda + "·|y|)";
      case STEPS -> steps + "-step returns less the value, " + discount;
      case V_TRACE -> "V-trace, " + discount + ", ratios of at most " + (float) lambda;
    };
  }

  @Override
  public String words() {
    return name() + (whitened ? ", whitened over all tokens, std with ddof " + ddof : "");
  }

  @Override
  public boolean named() {
    return slip == TokenSlip.NONE;
  }

  @Override
  public Option<String> difference() {
    return named() ? Option.none() : Option.some("as " + words() + ", but " + slip.words());
  }

  @Override
  public double[] of(PlainResponses b) {
    double[] x = new double[b.tokens()];
    for (int i : b.responses()) {
      int[] tokens = b.tokensOf(i);
      for (int place = 0; place < tokens.length; place++) {
        x[tokens[place]] = at(new Run(b, i, tokens), place);
      }
    }
    if (!whitened) {
      return x;
    }
    int[] counted = b.counted();
    double mean = mean(counted, t -> x[t]);
    double std = Math.sqrt(variance(counted, t -> x[t], ddof));
    return Arrays.stream(x).map(y -> std == 0 ? 0 : (y - mean) / std).toArray();
  }

  /** The tokens of a response that count. */
  @SuppressWarnings("ArrayRecordComponent") // made for one sum
  private record Run(PlainResponses b, int response, int[] tokens) {
    private boolean has(int i) {
      return i >= 0 && i < tokens.length;
    }

    double reward(int i) {
      return has(i) ? b.columns().reward(tokens[i]) : 0;
    }

    double value(int i) {
      return has(i) ? b.columns().value(tokens[i]) : 0;
    }

    double ratio(int i, double bound) {
      return b.columns().ratio(tokens[i], bound);
    }

    boolean isLast(int i) {
      return i == tokens.length - 1;
    }

    double ofNextResponse() {
      int next = tokens[tokens.length - 1] + 1;
      return next < b.tokens() ? b.columns().value(next) : 0;
    }
  }

  private double at(Run run, int t) {
    return switch (kind) {
      case OWN_REWARD -> run.reward(t);
      case RETURNS -> sum(run, t, gamma, u -> reward(run, u));
      case GAE, GAE_BOOTSTRAPPED -> sum(run, t, gamma * lambda, u -> error(run, u));
      case GAE_BY_LENGTH -> {
        double scaled = lambda * run.b().length(run.response());
        yield sum(run, t, scaled > 1 ? gamma * (1 - 1 / scaled) : 0, u -> error(run, u));
      }
      case STEPS -> {
        double total = Math.pow(gamma, steps) * run.value(t + steps) - own(run, t);
        for (int u = t; u < t + steps; u++) {
          total += Math.pow(gamma, u - t) * reward(run, u);
        }
        yield total;
      }
      case V_TRACE -> run.ratio(t, lambda) * (error(run, t) + gamma * ahead(run, t + 1));
    };
  }

  /** v − V of V-trace. */
  private double ahead(Run run, int t) {
    return t < run.tokens().length
        ? run.ratio(t, lambda) * (error(run, t) + gamma * ahead(run, t + 1))
        : 0;
  }

  private interface Addend {
    double at(int u);
  }

  private double sum(Run run, int t, double factor, Addend addend) {
    double total = 0;
    int first = slip == TokenSlip.FORWARD ? 0 : t;
    int last = slip == TokenSlip.FORWARD ? t : run.tokens().length - 1;
    for (int u = first; u <= last; u++) {
      int power = slip == TokenSlip.FROM_THE_START ? u : Math.abs(u - t);
      total += Math.pow(factor, power) * addend.at(u);
    }
    return slip == TokenSlip.EARLY_DISCOUNT ? gamma * total : total;
  }

  private double reward(Run run, int u) {
    return run.reward(slip == TokenSlip.NEXT_REWARD ? u + 1 : u);
  }

  private double own(Run run, int u) {
    return switch (slip) {
      case VALUE_ADDED -> -run.value(u);
      case NO_VALUE -> 0;
      default -> run.value(u);
    };
  }

  private double error(Run run, int u) {
    double next =
        switch (slip) {
          case SAME_STEP -> run.value(u);
          case PREVIOUS_STEP -> run.value(u - 1);
          case NOT_STOPPED -> run.value(run.isLast(u) ? u : u + 1);
          case NEXT_RESPONSE -> run.isLast(u) ? run.ofNextResponse() : run.value(u + 1);
          case NEXT_VALUE_SUBTRACTED -> -run.value(u + 1);
          default ->
              kind == Kind.GAE_BOOTSTRAPPED && run.isLast(u)
                  ? run.b().columns().behind(run.response())
                  : run.value(u + 1);
        };
    return reward(run, u) + gamma * next - own(run, u);
  }
}
