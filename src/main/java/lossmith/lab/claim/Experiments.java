package lossmith.lab.claim;

import static lossmith.lab.claim.Treatments.CISPO;
import static lossmith.lab.claim.Treatments.CLIP_COV;
import static lossmith.lab.claim.Treatments.CLIP_HIGHER;
import static lossmith.lab.claim.Treatments.DAPO;
import static lossmith.lab.claim.Treatments.FORKING;
import static lossmith.lab.claim.Treatments.GRPO;
import static lossmith.lab.claim.Treatments.HIGHER_COV;
import static lossmith.lab.claim.Treatments.KL_COV;
import static lossmith.lab.claim.Treatments.NSR;
import static lossmith.lab.claim.Treatments.OTHERS;
import static lossmith.lab.claim.Treatments.PRORL;
import static lossmith.lab.claim.Treatments.PSR;
import static lossmith.lab.claim.Treatments.SELF_CERTAINTY;
import static lossmith.lab.claim.Treatments.SHAPED;
import static lossmith.lab.claim.Treatments.SMALL_STEPS;
import static lossmith.lab.claim.Treatments.UNIFIED;
import static lossmith.lab.claim.Treatments.UNSHAPED;
import static lossmith.lab.claim.Treatments.W_REINFORCE;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.ToDoubleFunction;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.lab.claim.Experiment.Figure;
import lossmith.lab.claim.Experiment.Region;

/**
 * The claims of Entropy Collapse about training, as experiments. Effects, directions and bounds
 * were written down before the runs that decide them, and are not moved afterwards.
 *
 * <p>Long because a claim is a line or a few.
 */
public final class Experiments {
  private static final String MECHANISM = "The Entropy Mechanism of RL (2505.22617)";
  private static final String PROLONGED = "ProRL (2505.24864)";
  private static final String MINORITY = "Beyond the 80/20 Rule (2506.01939)";
  private static final String DAPO_PAPER = "DAPO (2503.14476)";
  private static final String MINIMAX = "MiniMax-M1 (2506.13585)";
  private static final String EXPLORATION = "Reasoning with Exploration (2506.14758)";
  private static final String NEGATIVE = "The Effectiveness of Negative Reinforcement (2506.01347)";
  private static final String NO_LUNCH = "No Free Lunch (2506.17219)";
  private static final String TEXT = "Entropy Collapse, section 6";
  private static final String EVERY = "all";
  private static final String PASS_ONE = "/pass@1";
  private static final String PASS_FEW = "/pass@8";
  private static final String PASS_MANY = "/pass@32";
  private static final String SOLUTIONS = "/distinct_solutions";
  private static final String HELD_REWARD = "/reward/mean@";

  private static final Figure LAW = new Figure(SeedRuns.ENTROPY, List.of(SeedRuns.REWARD));

  /** A steady change has this share in its first third. */
  private static final double STEADY = 1 / 3.0;

  private static final double MOST_OF_IT = 0.5;
  private static final double MORE_ENTROPY = 0.05;
  private static final double EQUAL_REWARD = -0.03;
  private static final double SMALL_GAIN = 0.01;
  private static final double MORE_SOLUTIONS = 0.5;

  /** The difference of two treatments. */
  private interface Paired {
    double of(SeedRuns runs, String treatment);
  }

  private Experiments() {}

  /** {@return all of them} */
  public static Seq<Experiment> all() {
    return collapse()
        .appendAll(ratios())
        .appendAll(tokens())
        .appendAll(samples())
        .appendAll(covariance())
        .appendAll(longer())
        .appendAll(together())
        .append(
            new Experiment(
                "forecast-slope",
                "the change of the logits forecasts the change of the entropy (eq 11)",
                MECHANISM,
                List.of(SMALL_STEPS),
                "slope of the measured change on the forecast, a tenth of the learning rate",
                new Figure(SeedRuns.FORECAST, List.of(SeedRuns.CHANGE)),
                runs -> runs.forecastSlope(SMALL_STEPS),
                new Region(0.95, 1.05),
                Region.above(1.05)));
  }

  /**
   * {@return some of them}
   *
   * @param names separated by commas, or {@code all}
   */
  public static Seq<Experiment> named(String names) {
    Seq<String> known = all().map(Experiment::name);
    Seq<String> asked =
        names.equals(EVERY) ? known : List.of(names.split(",", -1)).map(String::strip);
    Problem.throwAll(
        asked
            .reject(known::contains)
            .map(
                name ->
                    Problem.of(
                        "claims",
                        "\"" + name + "\", no experiment" + Nearest.to(name, known),
                        Nearest.among(name, known),
                        "--claims alone for all of them")));
    return all().filter(one -> asked.contains(one.name()));
  }

  private static Seq<Experiment> collapse() {
    return List.of(
        new Experiment(
            "early-collapse",
            "entropy collapses early in plain GRPO",
            MECHANISM,
            List.of(GRPO),
            "share of the entropy's fall that comes in the first third of the steps",
            Figure.of(SeedRuns.ENTROPY),
            runs -> runs.shareOfFirstThird(GRPO, SeedRuns.ENTROPY),
            Region.above(MOST_OF_IT),
            Region.below(STEADY)),
        new Experiment(
            "early-reward",
            "most of the reward is gained while the entropy collapses",
            MECHANISM,
            List.of(GRPO),
            "share of the reward's gain that comes in the first third of the steps",
            Figure.of(SeedRuns.REWARD),
            runs -> runs.shareOfFirstThird(GRPO, SeedRuns.REWARD),
            Region.above(MOST_OF_IT),
            Region.below(STEADY)),
        new Experiment(
            "law-fits",
            "R = −a·exp(H) + b with a > 0 fits the run of GRPO (eq 3)",
            MECHANISM,
            List.of(GRPO),
            "R² over the steps, negative where a is",
            LAW,
            runs -> runs.law(GRPO),
            Region.above(0.8),
            Region.below(0.5)),
        new Experiment(
            "law-predicts",
            "the first 15 % of the steps predict the ceiling b − a within 2 %",
            MECHANISM,
            List.of(GRPO),
            "distance from the ceiling of all steps, as a part of it",
            LAW,
            runs -> runs.ceilingMissed(GRPO),
            Region.below(0.02),
            Region.above(0.02)));
  }

  private static Seq<Experiment> ratios() {
    return List.of(
        moreEntropy(
            "clip-higher-entropy",
            "a higher upper bound of the clip holds more entropy at equal steps",
            DAPO_PAPER,
            CLIP_HIGHER,
            GRPO),
        paired(
            "clip-higher-reward",
            "a higher upper bound of the clip comes to more reward",
            DAPO_PAPER,
            CLIP_HIGHER,
            GRPO,
            "held-out reward at the end, less GRPO's",
            HELD_REWARD,
            (runs, one) -> runs.held(one, HELD_REWARD),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)),
        new Experiment(
            "clip-drops-rare",
            "the clip drops the gradient of rare tokens above all, which CISPO keeps",
            MINIMAX,
            List.of(GRPO),
            "share dropped of tokens drawn with probability < 0.2, less that of all tokens",
            Figure.of(SeedRuns.RARE_LOST, SeedRuns.LOST),
            runs -> runs.droppedOfRare(GRPO),
            Region.above(SMALL_GAIN),
            Region.below(0)),
        paired(
            "cispo-reward",
            "CISPO learns faster than DAPO",
            MINIMAX,
            CISPO,
            DAPO,
            "mean reward over all steps, less DAPO's",
            SeedRuns.REWARD,
            (runs, one) -> runs.throughout(one, SeedRuns.REWARD),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)));
  }

  private static Seq<Experiment> tokens() {
    return List.of(
        paired(
            "forking-enough",
            "the 20 % of the tokens with the highest entropy carry the gain",
            MINORITY,
            FORKING,
            DAPO,
            "held-out pass@1 at the end, less DAPO's",
            PASS_ONE,
            (runs, one) -> runs.held(one, PASS_ONE),
            Region.above(EQUAL_REWARD),
            Region.below(EQUAL_REWARD)),
        paired(
            "others-not-enough",
            "the other 80 % carry less",
            MINORITY,
            FORKING,
            OTHERS,
            "held-out pass@1 at the end with the 20 %, less that with the others",
            PASS_ONE,
            (runs, one) -> runs.held(one, PASS_ONE),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)),
        moreEntropy(
            "shaping-entropy",
            "the bonus ψ(H) raises entropy (eqs 8, 9)",
            EXPLORATION,
            SHAPED,
            UNSHAPED),
        paired(
            "shaping-pass-k",
            "the bonus ψ(H) raises pass@k (eqs 8, 9)",
            EXPLORATION,
            SHAPED,
            UNSHAPED,
            "held-out pass@8 at the end, less that without the bonus",
            PASS_FEW,
            (runs, one) -> runs.held(one, PASS_FEW),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)));
  }

  private static Seq<Experiment> samples() {
    return List.of(
        paired(
            "psr-narrows",
            "positive samples alone narrow what is found",
            NEGATIVE,
            PSR,
            W_REINFORCE,
            "distinct right solutions of a held-out prompt, less W-REINFORCE's",
            SOLUTIONS,
            (runs, one) -> runs.held(one, SOLUTIONS),
            Region.below(-MORE_SOLUTIONS),
            Region.above(MORE_SOLUTIONS)),
        paired(
            "nsr-keeps",
            "negative samples alone keep diversity",
            NEGATIVE,
            NSR,
            PSR,
            "distinct right solutions of a held-out prompt, less PSR's",
            SOLUTIONS,
            (runs, one) -> runs.held(one, SOLUTIONS),
            Region.above(MORE_SOLUTIONS),
            Region.below(-MORE_SOLUTIONS)),
        new Experiment(
            "w-reinforce-between",
            "W-REINFORCE stands between positive samples alone and negative samples alone",
            NEGATIVE,
            List.of(W_REINFORCE, PSR, NSR),
            "its place by entropy at the end, 0 at PSR's and 1 at NSR's",
            Figure.of(SeedRuns.ENTROPY),
            runs -> {
              double psr = runs.end(PSR, SeedRuns.ENTROPY);
              return (runs.end(W_REINFORCE, SeedRuns.ENTROPY) - psr)
                  / (runs.end(NSR, SeedRuns.ENTROPY) - psr);
            },
            new Region(0, 1),
            Region.above(1)),
        paired(
            "psr-pass-k",
            "positive samples alone lose pass@k where k is large",
            NEGATIVE,
            PSR,
            W_REINFORCE,
            "held-out pass@32 at the end, less W-REINFORCE's",
            PASS_MANY,
            (runs, one) -> runs.held(one, PASS_MANY),
            Region.below(-SMALL_GAIN),
            Region.above(SMALL_GAIN)),
        paired(
            "nsr-pass-k",
            "negative samples alone keep pass@k where k is large",
            NEGATIVE,
            NSR,
            PSR,
            "held-out pass@32 at the end, less PSR's",
            PASS_MANY,
            (runs, one) -> runs.held(one, PASS_MANY),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)),
        new Experiment(
            "w-reinforce-pass-k",
            "W-REINFORCE stands between them by pass@k where k is large",
            NEGATIVE,
            List.of(W_REINFORCE, PSR, NSR),
            "held-out pass@32 at the end: the less of W-REINFORCE's lead over PSR and NSR's over"
                + " it",
            Figure.of(PASS_MANY),
            runs -> {
              double middle = runs.held(W_REINFORCE, PASS_MANY);
              return Math.min(
                  middle - runs.held(PSR, PASS_MANY), runs.held(NSR, PASS_MANY) - middle);
            },
            Region.above(0),
            Region.below(-SMALL_GAIN)));
  }

  private static Seq<Experiment> covariance() {
    return List.of(CLIP_COV, KL_COV)
        .flatMap(
            method ->
                List.of(
                    moreEntropy(
                        method + "-entropy", method + " holds entropy", MECHANISM, method, GRPO),
                    equalReward(
                        method + "-reward",
                        method + " gets GRPO's reward with it",
                        MECHANISM,
                        method)));
  }

  private static Seq<Experiment> longer() {
    return List.of(
        paired(
            "prorl-late-gain",
            "a divergence to a reference that is reset keeps improving after plain GRPO stops",
            PROLONGED,
            PRORL,
            GRPO,
            "held-out pass@1 gained in the last third, less what GRPO gains there",
            PASS_ONE,
            (runs, one) -> runs.lateGain(one, PASS_ONE),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)),
        internal(
            "internal-rises",
            "with its own certainty as the reward a policy gets better at first",
            "reward in the first third, less that of the first steps",
            runs ->
                runs.early(SELF_CERTAINTY, SeedRuns.REWARD)
                    - runs.start(SELF_CERTAINTY, SeedRuns.REWARD),
            Region.above(SMALL_GAIN),
            Region.below(-SMALL_GAIN)),
        internal(
            "internal-falls",
            "with its own certainty as the reward a policy gets worse later",
            "reward of the last tenth, less that of the first third",
            runs ->
                runs.end(SELF_CERTAINTY, SeedRuns.REWARD)
                    - runs.early(SELF_CERTAINTY, SeedRuns.REWARD),
            Region.below(-SMALL_GAIN),
            Region.above(SMALL_GAIN)));
  }

  private static Seq<Experiment> together() {
    return List.of(UNIFIED, HIGHER_COV)
        .flatMap(
            method ->
                List.of(
                    moreEntropy(
                        method + "-entropy",
                        "the methods combine: " + method + " holds entropy",
                        TEXT,
                        method,
                        GRPO),
                    equalReward(
                        method + "-reward",
                        "the methods combine: " + method + " gets GRPO's reward with it",
                        TEXT,
                        method)));
  }

  private static Experiment moreEntropy(
      String name, String statement, String source, String treatment, String than) {
    return new Experiment(
        name,
        statement,
        source,
        List.of(treatment, than),
        "entropy of the last tenth over that of " + than + ", less 1",
        Figure.of(SeedRuns.ENTROPY),
        runs -> runs.moreEntropy(treatment, than),
        Region.above(MORE_ENTROPY),
        Region.below(0));
  }

  private static Experiment equalReward(
      String name, String statement, String source, String treatment) {
    return paired(
        name,
        statement,
        source,
        treatment,
        GRPO,
        "held-out reward at the end, less GRPO's",
        HELD_REWARD,
        (runs, one) -> runs.held(one, HELD_REWARD),
        Region.above(EQUAL_REWARD),
        Region.below(EQUAL_REWARD));
  }

  private static Experiment paired(
      String name,
      String statement,
      String source,
      String treatment,
      String than,
      String measured,
      String curve,
      Paired number,
      Region seen,
      Region opposite) {
    return new Experiment(
        name,
        statement,
        source,
        List.of(treatment, than),
        measured,
        Figure.of(curve),
        runs -> number.of(runs, treatment) - number.of(runs, than),
        seen,
        opposite);
  }

  private static Experiment internal(
      String name,
      String statement,
      String measured,
      ToDoubleFunction<SeedRuns> effect,
      Region seen,
      Region opposite) {
    return new Experiment(
        name,
        statement,
        NO_LUNCH,
        List.of(SELF_CERTAINTY),
        measured,
        Figure.of(SeedRuns.REWARD),
        effect,
        seen,
        opposite);
  }
}
