package lossmith.lab;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/**
 * How a policy is trained.
 *
 * @param seed of prompts, samples and the order of updates; the start policy does not depend on it
 * @param steps how many batches are sampled at most
 * @param tokens after how many sampled tokens no further batch is sampled; 0 for any number
 * @param sampling of a batch
 * @param updating of the policy by a batch
 * @param measuring on held-out prompts
 * @param discounting of the rewards that a critic learns
 * @param parameters of the objective, by name; one that is not here has its default
 */
public record TrainingSettings(
    long seed,
    int steps,
    long tokens,
    Sampling sampling,
    Updating updating,
    Measuring measuring,
    Discounting discounting,
    Map<String, Double> parameters) {
  private static final int MOST = 1_000_000;
  private static final double LARGE = 1e6;

  /** Checks the ranges. */
  public TrainingSettings {
    Problem.throwAll(
        whole("steps", steps, 1, MOST).appendAll(whole("tokens", tokens, 0, Long.MAX_VALUE)));
  }

  /**
   * How a batch is sampled.
   *
   * @param prompts how many prompts
   * @param group how many responses to each, 2 or more
   * @param temperature the logits are divided by it
   */
  public record Sampling(int prompts, int group, double temperature) {
    private static final double COLDEST = 1e-3;
    private static final double HOTTEST = 1e3;

    /** Checks the ranges. */
    public Sampling {
      Problem.throwAll(
          whole("prompts", prompts, 1, MOST)
              .appendAll(whole("group", group, 2, MOST))
              .appendAll(number("temperature", temperature, COLDEST, HOTTEST)));
    }
  }

  /**
   * How a batch updates the policy: the later updates of a batch are off-policy, so that ratios and
   * clips matter.
   *
   * @param minibatches into how many parts of whole groups a batch is cut, an update each
   * @param epochs how often a batch is gone through
   * @param rate the learning rate
   * @param norm what the gradient's norm is reduced to where it is larger
   * @param resetEvery after how many steps the reference becomes the policy; 0 for never
   */
  public record Updating(int minibatches, int epochs, double rate, double norm, int resetEvery) {
    /** Checks the ranges. */
    public Updating {
      Problem.throwAll(
          whole("minibatches", minibatches, 1, MOST)
              .appendAll(whole("epochs", epochs, 1, MOST))
              .appendAll(number("learning-rate", rate, 0, 1))
              .appendAll(number("clip-norm", norm, Double.MIN_VALUE, LARGE))
              .appendAll(whole("reset-every", resetEvery, 0, MOST)));
    }
  }

  /**
   * How often and on what a policy is measured.
   *
   * @param every after how many steps
   * @param prompts how many held-out prompts
   * @param samples how many responses to each, as many as the largest k or more
   * @param tries each k for which pass@k is estimated
   */
  public record Measuring(int every, int prompts, int samples, Seq<Integer> tries) {
    /** Checks the ranges. */
    public Measuring {
      Problem.throwAll(
          whole("evaluate-every", every, 1, MOST)
              .appendAll(whole("held-out", prompts, 1, MOST))
              .appendAll(whole("samples", samples, 1, MOST))
              .appendAll(tries.flatMap(k -> whole("k", k, 1, Math.max(1, samples)))));
    }
  }

  /**
   * What a critic learns towards; an objective without one reads none of it.
   *
   * @param gamma γ, by which a reward counts less for each token before it
   * @param lambda λ of GAE: at 1 the rewards that came, at 0 what the critic expects a token later
   */
  public record Discounting(double gamma, double lambda) {
    /** Checks the ranges. */
    public Discounting {
      Problem.throwAll(number("gamma", gamma, 0, 1).appendAll(number("gae-lambda", lambda, 0, 1)));
    }

    /** {@return γ = 1 and λ = 0.95} */
    public static Discounting usual() {
      return new Discounting(1, 0.95);
    }
  }

  /** {@return the same with another seed and other ends} */
  public TrainingSettings of(long otherSeed, int otherSteps, long otherTokens) {
    return new TrainingSettings(
        otherSeed, otherSteps, otherTokens, sampling, updating, measuring, discounting, parameters);
  }

  /**
   * {@return whether a run ends here}
   *
   * @param madeSteps how many steps were made
   * @param sampled how many tokens were sampled
   */
  boolean isEnd(long madeSteps, long sampled) {
    return madeSteps >= steps || (tokens > 0 && sampled >= tokens);
  }

  /** {@return the problem of a whole number, if it is out of its range} */
  static Seq<Problem> whole(String name, long value, long least, long most) {
    return value >= least && value <= most
        ? List.empty()
        : List.of(
            Problem.of(
                name,
                "--" + name + " " + value,
                "a whole number in [" + least + ", " + most + "]",
                "--" + name + " NUMBER in that range"));
  }

  private static Seq<Problem> number(String name, double value, double least, double most) {
    return value >= least && value <= most
        ? List.empty()
        : List.of(
            Problem.of(
                name,
                "--" + name + " " + value,
                "a number in [" + (least == Double.MIN_VALUE ? "0" : least) + ", " + most + "]",
                "--" + name + " NUMBER in that range"));
  }
}
