package lossmith.recipes;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import org.immutables.value.Value;

/**
 * Choices that several objectives share and that papers and trainers make differently. Immutable;
 * {@link #paper()} is what the formulas say; {@link #verl()}, {@link #trl()} and {@link
 * #openRlhf()} are what those systems run.
 *
 * <p>Two rules hold in every advantage estimator. Rewards that agree to rounding are equal ({@link
 * lossmith.dsl.Detached#differs}): their group teaches nothing, A = 0, under all conventions. Of a
 * response that is alone in its group {@link #singletonKeepsReward()} decides alone. What a trainer
 * does instead in a function of its own, such as dividing what rounding left by 1e-6, or the reward
 * of a response that is alone by 1 + 1e-6 (both verl's grpo), is no convention; {@code conform}
 * holds the functions of trainers to their own numbers.
 */
@Value.Immutable
@Value.Style(
    visibility = Value.Style.ImplementationVisibility.PACKAGE,
    jdkOnly = true,
    allParameters = false)
public abstract class Conventions {
  /** The choices of the papers. */
  protected Conventions() {}

  /** {@return the bound on |log π − log π_old| before exp; its slope is 0 outside} */
  @Value.Default
  public Option<Double> logRatioClamp() {
    return Option.none();
  }

  /** {@return the bound on the k3 estimate of a divergence; its slope is 0 outside} */
  @Value.Default
  public Option<Double> klClamp() {
    return Option.none();
  }

  /** {@return the ddof of the std of rewards: 0 or 1, subtracted from their number} */
  @Value.Default
  public int stdDdof() {
    return 0;
  }

  /** {@return what is added to the std of a group's rewards before dividing by it} */
  @Value.Default
  public double stdEpsilon() {
    return 0;
  }

  /** {@return what is added to the number of tokens before dividing by it} */
  @Value.Default
  public double denominatorEpsilon() {
    return 0;
  }

  /** {@return whether a response without tokens counts in a mean over responses} */
  @Value.Default
  public boolean countEmptySequences() {
    return true;
  }

  /**
   * {@return whether the only response of a prompt has its reward as advantage, instead of 0: in
   * every estimator that compares the responses to a prompt, before whatever it does to all
   * responses of the batch alike, such as whitening}
   */
  @Value.Default
  public boolean singletonKeepsReward() {
    return false;
  }

  /** {@return how tokens become one number; the objective's own way where none is given} */
  @Value.Default
  public Option<Aggregation> aggregation() {
    return Option.none();
  }

  /** {@return the bound on the ratio where the advantage is negative} */
  @Value.Default
  public Option<Double> dualClip() {
    return Option.none();
  }

  /** {@return the upper bound on the log-ratio of a response before exp; its slope is 0 beyond} */
  @Value.Default
  public Option<Double> responseLogRatioCap() {
    return Option.none();
  }

  /** {@return the choices of the papers: no clamp, no epsilon, population std} */
  public static Conventions paper() {
    return ImmutableConventions.builder().build();
  }

  /** {@return the choices of verl at commit 1dda039b} */
  public static Conventions verl() {
    return ImmutableConventions.builder()
        .logRatioClamp(Option.some(20.0))
        .klClamp(Option.some(10.0))
        .stdDdof(1)
        .stdEpsilon(1e-6)
        .denominatorEpsilon(1e-8)
        .countEmptySequences(false)
        .singletonKeepsReward(true)
        .aggregation(Option.some(Aggregation.TOKEN_MEAN))
        .dualClip(Option.some(3.0))
        .responseLogRatioCap(Option.some(10.0))
        .build();
  }

  /**
   * {@return the choices of TRL at commit f2cd5771: std with ddof 1 and 1e-4 added, no clamp of any
   * log-ratio; how tokens become one number stays with the objective, as {@code loss_type} does}
   */
  public static Conventions trl() {
    return ImmutableConventions.builder().stdDdof(1).stdEpsilon(1e-4).build();
  }

  /**
   * {@return the choices of OpenRLHF at commit 3c3be623: log-ratios within ±20 and KL estimates
   * within ±10, std with ddof 1 and 1e-9 added, the mean over all tokens}
   */
  public static Conventions openRlhf() {
    return ImmutableConventions.builder()
        .logRatioClamp(Option.some(20.0))
        .klClamp(Option.some(10.0))
        .stdDdof(1)
        .stdEpsilon(1e-9)
        .aggregation(Option.some(Aggregation.TOKEN_MEAN))
        .build();
  }

  /** {@return all conventions by the name to type: paper, verl, trl, openrlhf} */
  public static Map<String, Conventions> all() {
    return LinkedHashMap.of("paper", paper(), "verl", verl(), "trl", trl(), "openrlhf", openRlhf());
  }

  /**
   * {@return the conventions of a name}
   *
   * @param name one of those that {@link #all()} knows
   * @throws lossmith.dsl.ProblemException where it is none, with the nearest one
   */
  public static Conventions named(String name) {
    return all()
        .get(name)
        .getOrElseThrow(
            () ->
                Problem.of(
                        "conventions",
                        "\""
                            + name
                            + "\", no conventions"
                            + Nearest.to(name, all().keySet().toList()),
                        "one of " + all().keySet().mkString(", "),
                        "verl")
                    .exception());
  }

  /**
   * {@return the aggregated term}
   *
   * @param x a number per token
   * @param own the objective's own way, where these conventions name none
   */
  public Term<Batch> aggregate(Term<Token> x, Aggregation own) {
    return aggregation().getOrElse(own).of(x, this);
  }

  /** {@return the same with another way from tokens to one number} */
  public Conventions aggregating(Aggregation aggregation) {
    return ImmutableConventions.builder().from(this).aggregation(Option.some(aggregation)).build();
  }

  /** {@return the same with a bound on the ratio where the advantage is negative} */
  public Conventions boundingNegatives(double most) {
    return ImmutableConventions.builder().from(this).dualClip(Option.some(most)).build();
  }

  /**
   * {@return the same with another std of rewards}
   *
   * @param ddof 0 or 1, subtracted from their number
   * @param epsilon what is added to it
   */
  public Conventions dividing(int ddof, double epsilon) {
    return ImmutableConventions.builder().from(this).stdDdof(ddof).stdEpsilon(epsilon).build();
  }
}
