package lossmith.proofs.presumed;

import io.vavr.collection.List;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** The value of a penalty: what is reported of it, and what its slope must be that of. */
final class PenaltyValueLaws {
  /** Of two tokens, how likely the first is to the policy and to the other one. */
  private static final double POLICY = 0.7;

  private static final double OTHER = 0.4;

  /** A log-ratio that is small beside 1, and whose square is not rounded away. */
  private static final double NEAR = 1e-3;

  private static final double SMALL = 0.1;

  /** Between the slopes of a square, 2, and of a fourth power, 8. */
  private static final double STEEP = 4;

  /** How likely the first is to a policy that is far from the other one. */
  private static final double LIKELY = 0.99;

  /** The square of a log-ratio is twice as much there, an exponential of it twenty times. */
  private static final double MOST = 10;

  private PenaltyValueLaws() {}

  static PartLaws.Presumed expected() {
    return PartLaws.law(
        "penalty-expected",
        "what a penalty is on average over the tokens that could have been sampled is no less than"
            + " where the policies agree: a divergence is not negative",
        "Σ_v π(v)·D(v) ≥ D(π = π′)",
        1e-12,
        "a sum of two",
        PenaltyValueLaws::speaks,
        (part, trial, tolerance) -> {
          Trial one = single(StepLaws.onePolicy(PartLaws.usual(part, trial)));
          double mean = mean(part, one, POLICY, OTHER);
          return mean < -tolerance
              ? List.of(
                  new Violation.Fact(
                      part.presumed().part()
                          + ": of two tokens with 0.7 and 0.3, where the other policy has 0.4 and"
                          + " 0.6, it is "
                          + mean
                          + " on average"))
              : List.empty();
        },
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed growth() {
    return PartLaws.law(
        "penalty-growth",
        "on average over the tokens that could have been sampled, a penalty grows as a divergence"
            + " or as the square of the log-ratio: an exponential in it has log π_ref - log π, not"
            + " log π - log π_ref",
        "E_π[D](0.99, 0.01) / E_π[D](0.7, 0.4) ≤ 10·KL(0.99, 0.01) / KL(0.7, 0.4)",
        0,
        "a bound is far from what it bounds",
        PenaltyValueLaws::speaks,
        (part, trial, tolerance) -> {
          Trial one = single(StepLaws.onePolicy(PartLaws.usual(part, trial)));
          double near = mean(part, one, POLICY, OTHER);
          double far = mean(part, one, LIKELY, 1 - LIKELY);
          double most = MOST * near * divergence(LIKELY, 1 - LIKELY) / divergence(POLICY, OTHER);
          return near > 0 && far > most
              ? List.of(
                  new Violation.Fact(
                      part.presumed().part()
                          + ": of two tokens with 0.99 and 0.01, where the other policy has 0.01"
                          + " and 0.99, it is "
                          + far
                          + " on average"))
              : List.empty();
        },
        Trial.Kind.ORDINARY);
  }

  private static double divergence(double p, double q) {
    return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
  }

  /** Of two tokens, the average over what the policy samples, above where the policies agree. */
  private static double mean(Isolated part, Trial one, double policy, double other) {
    double agree = SideLaws.value(part, at(part, one, policy, policy));
    return policy * (SideLaws.value(part, at(part, one, policy, other)) - agree)
        + (1 - policy) * (SideLaws.value(part, at(part, one, 1 - policy, 1 - other)) - agree);
  }

  private static boolean speaks(PresumedRole role) {
    return PenaltyLaws.speaks(role) && role.beside().isEmpty();
  }

  /** The batch with the first token of each response alone. */
  private static Trial single(Trial trial) {
    Samples samples = trial.samples();
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] all = IntStream.range(0, samples.size(Level.Name.SEQUENCE)).toArray();
    int[] first = IntStream.range(0, of.length).filter(t -> t == 0 || of[t - 1] != of[t]).toArray();
    return PartLaws.with(trial, Batches.of(samples, all, first));
  }

  /** All tokens have one probability, to the policy and to the other one. */
  private static Trial at(Isolated part, Trial one, double policy, double other) {
    return PenaltyLaws.others(part.presumed())
        .foldLeft(
            Columns.LOG_PROBS.foldLeft(
                one, (all, name) -> PartLaws.changed(all, name, x -> Math.log(policy))),
            (all, name) -> PartLaws.changed(all, name, x -> Math.log(other)));
  }

  static PartLaws.Presumed slope() {
    return PartLaws.law(
        "penalty-slope",
        "where a penalty is least at agreement, its slope is that of its value: what is reported is"
            + " what is made small",
        "D(±d) = D(0) + c·d²/2 ⇒ ∂D/∂log π = c·d",
        1e-2,
        "d is 1e-3, and what is of higher order in it",
        PenaltyValueLaws::speaks,
        (part, trial, tolerance) -> {
          Trial one = StepLaws.onePolicy(PartLaws.usual(part, trial));
          double rest = SideLaws.value(part, near(part, one, 0));
          double up = SideLaws.value(part, near(part, one, NEAR)) - rest;
          double down = SideLaws.value(part, near(part, one, -NEAR)) - rest;
          double work = (work(part, one, NEAR) + work(part, one, -NEAR)) / 2;
          // what has a slope at agreement, such as the log-ratio itself, is no square near it
          double twice = SideLaws.value(part, near(part, one, 2 * NEAR)) - rest;
          boolean square =
              Math.abs(up - down) < 0.1 * (up + down) && Math.abs(twice - 4 * up) < 0.1 * twice;
          return square && Math.abs(work - (up + down)) > tolerance * (up + down)
              ? List.of(
                  new Violation.Fact(
                      part.presumed().part()
                          + ": at a log-ratio of 0.001 its slope is that of "
                          + work / 2
                          + ", and its value is "
                          + (up + down) / 2))
              : List.empty();
        },
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed square() {
    return PartLaws.law(
        "penalty-square",
        "near the other policy a divergence grows as the square of the log-ratio, or as its size:"
            + " twice as far away it pulls at most twice as much",
        "D(d) = c·d²/2 + O(d³) or c·|d| ⇒ D′(2d) ≤ 2·D′(d) + O(d²)",
        0,
        "a bound is far from what it bounds",
        PenaltyLaws::speaks,
        (part, trial, tolerance) -> {
          Trial one = StepLaws.onePolicy(PartLaws.usual(part, trial));
          double once = pull(part, one, SMALL);
          double twice = pull(part, one, 2 * SMALL);
          return once > 0 && twice > STEEP * once
              ? List.of(
                  new Violation.Fact(
                      part.presumed().part()
                          + ": at a log-ratio of 0.2 it pulls "
                          + (float) (twice / once)
                          + " times as much as at 0.1: near the other policy it hardly holds, as if"
                          + " a function of the log-ratio were taken of its square"))
              : List.empty();
        },
        Trial.Kind.ORDINARY);
  }

  private static double pull(Isolated part, Trial one, double by) {
    double[] there = part.slope(Columns.LOG_PROB, near(part, one, by));
    return Arrays.stream(there).map(Math::abs).sum();
  }

  private static Trial near(Isolated part, Trial one, double by) {
    double policy = Math.exp(-1);
    return at(part, one, policy, policy * Math.exp(-by));
  }

  private static double work(Isolated part, Trial one, double by) {
    return by * Arrays.stream(part.slope(Columns.LOG_PROB, near(part, one, by))).sum();
  }
}
