package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** How strongly a penalty holds the policy: near another one, and far from it. */
final class PenaltyLaws {
  /** A log-ratio that is small beside 1. */
  private static final double NEAR = 1e-4;

  /** A log-ratio beyond every bound that keeps an exponential finite. */
  private static final double FAR = 30;

  private PenaltyLaws() {}

  /** Another policy is named whose log-probability of the sampled token can be moved. */
  static boolean speaks(PresumedRole role) {
    return role.role() == Role.REGULARISER && others(role).nonEmpty();
  }

  /** The reference; the policies that sampled only where there is none. */
  static Set<String> others(PresumedRole role) {
    Set<String> known = role.others().filter(Columns.LOG_PROBS::contains).remove(Columns.LOG_PROB);
    return known.contains(Columns.REFERENCE_LOG_PROB)
        ? HashSet.of(Columns.REFERENCE_LOG_PROB)
        : known;
  }

  static PartLaws.Presumed far() {
    return PartLaws.law(
        "penalty-far",
        "a penalty that holds a token near the other policy holds it far away too; one that chooses"
            + " tokens by their rank holds some token there",
        "∂L/∂log π ≠ 0 at log π − log π′ = ±1 ⇒ ∂L/∂log π ≠ 0 at ±30",
        0,
        "a zero is not rounded",
        PenaltyLaws::speaks,
        (part, trial, tolerance) -> far(part, StepLaws.onePolicy(PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> far(Isolated part, Trial on) {
    double[] near = part.slope(Columns.LOG_PROB, apart(part, on, 1));
    double[] away = part.slope(Columns.LOG_PROB, apart(part, on, FAR));
    // what leaves a token out far away is no penalty that ends there
    double[] kept = part.unselected(Columns.LOG_PROB, apart(part, on, FAR));
    double[] sides = sides(on);
    if (ranks(part.presumed()) && Arrays.stream(kept).anyMatch(x -> x != 0)) {
      return List.empty(); // other tokens are chosen where policies are far apart
    }
    return List.range(0, near.length)
        .filter(t -> near[t] != 0 && away[t] == 0 && kept[t] == 0)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with a log-ratio of " + sides[t] * FAR + " to the other policy, d/dlog_prob",
                    t,
                    "0 and at " + sides[t] + " it is " + near[t]));
  }

  /** Whether a condition keeps tokens by their rank among others. */
  private static boolean ranks(PresumedRole role) {
    return Graph.below(
            Graph.only(Node.Select.class, Graph.below(List.of(role.whole())))
                .map(Node.Select::when))
        .exists(node -> node instanceof Node.Rank || node instanceof Node.Quantile);
  }

  /** One side of the other policy for each token. */
  private static double[] sides(Trial trial) {
    Random random = new Random(trial.seed());
    return random.doubles(trial.samples().tokens()).map(x -> x < 0.5 ? -1 : 1).toArray();
  }

  /** The policy so far from the other ones, above or below. */
  private static Trial apart(Isolated part, Trial on, double by) {
    return apart(part, on, sides(on), by);
  }

  /** The same, above where a side is 1 and below where it is -1. */
  static Trial apart(Isolated part, Trial on, double[] sides, double by) {
    double[] here = on.samples().column(Columns.LOG_PROB).get();
    double[] policy = new double[sides.length];
    double[] other = new double[sides.length];
    for (int t = 0; t < sides.length; t++) {
      double common = Math.min(here[t], -0.1);
      policy[t] = sides[t] > 0 ? common : common - by;
      other[t] = sides[t] > 0 ? common - by : common;
    }
    Set<String> moved = others(part.presumed());
    Samples samples = on.samples();
    for (String name : Columns.LOG_PROBS) {
      samples =
          samples.level(name).contains(Level.Name.TOKEN)
              ? samples.with(name, Level.Name.TOKEN, moved.contains(name) ? other : policy)
              : samples;
    }
    return PartLaws.with(on, samples);
  }

  static PartLaws.Presumed own() {
    return PartLaws.law(
        "penalty-own",
        "a penalty of tokens pulls each of them by its own distance: where the reference finds one"
            + " token likelier, the pull of no other token changes, so that a weight of the whole"
            + " response beside it is held",
        "L = Σ_t w·D_t ⇒ ∂²L/∂log π_s ∂log π_ref,t = 0, s ≠ t",
        1e-9,
        "the same arithmetic",
        role ->
            speaks(role)
                && role.others().contains(Columns.REFERENCE_LOG_PROB)
                && role.carriers().forAll(one -> one.level() == Level.Name.TOKEN)
                && Graph.below(role.carriers()).exists(PenaltyLaws::isOfAResponse),
        (part, trial, tolerance) -> own(part, PartLaws.usual(part, trial), tolerance),
        Trial.Kind.ORDINARY);
  }

  /** A number of the whole response that has a gradient. */
  private static boolean isOfAResponse(Node node) {
    return node instanceof Node.Broadcast spread
        && spread.live()
        && spread.of().level() == Level.Name.SEQUENCE;
  }

  private static Seq<Violation> own(Isolated part, Trial trial, double tolerance) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] here = part.slope(Columns.LOG_PROB, trial);
    return List.range(1, of.length)
        .filter(t -> of[t - 1] == of[t])
        .take(1)
        .flatMap(
            t -> {
              Trial moved = PartLaws.moved(trial, Columns.REFERENCE_LOG_PROB, t, -0.1);
              double there = part.slope(Columns.LOG_PROB, moved)[t - 1];
              return Math.abs(there - here[t - 1]) <= tolerance * (1 + Math.abs(here[t - 1]))
                  ? List.<Violation>empty()
                  : List.of(
                      PartLaws.at(
                          part,
                          "with the next token less likely to the reference, the pull of token",
                          t - 1,
                          there
                              + " instead of "
                              + here[t - 1]
                              + ": stopGradient() is missing at what weighs the whole response"));
            });
  }

  static PartLaws.Presumed size() {
    return PartLaws.law(
        "penalty-size",
        "near the other policy, a penalty with the coefficient 1 has the slope of KL, which is the"
            + " log-ratio, or that of its size, 1, over a denominator: a number of tokens,"
            + " responses or prompts",
        "β = 1, log π − log π′ = d → 0 ⇒ |∂L/∂log π_t| ∈ {0, |d|/n, 1/n}",
        2e-3,
        "d is 1e-4, and the denominator may have a constant that keeps it from 0",
        role -> speaks(role) && role.carriers().size() == 1 && role.scales().nonEmpty(),
        PenaltyLaws::size,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> size(Isolated part, Trial trial, double tolerance) {
    Trial near = apart(part, StepLaws.onePolicy(PartLaws.usual(part, trial)), NEAR);
    double[] slope = part.unscaled(Columns.LOG_PROB, near);
    double[] whole = Arrays.stream(slope).map(x -> -Math.abs(x)).toArray();
    double[] ofDistance = Arrays.stream(whole).map(x -> x / NEAR).toArray();
    Set<Integer> one = indices(new Denominators(near.samples(), whole).none(tolerance));
    if (one.nonEmpty() && isOfAll(part, near, tolerance)) {
      return List.empty(); // divided by what is kept, of which the penalty chooses some
    }
    return List.ofAll(new Denominators(near.samples(), ofDistance).none(tolerance))
        .filter(one::contains)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with the coefficient 1 and a log-ratio of 1e-4, the size of d/dlog_prob",
                    t,
                    -whole[t] + ", 1e-4 times 1/" + (float) (-1 / ofDistance[t])));
  }

  /** Whether it has a denominator where nothing is left out besides. */
  private static boolean isOfAll(Isolated part, Trial near, double tolerance) {
    double[] all =
        Arrays.stream(part.unselected(Columns.LOG_PROB, near)).map(x -> -Math.abs(x)).toArray();
    double[] ofDistance = Arrays.stream(all).map(x -> x / NEAR).toArray();
    return new Denominators(near.samples(), all).none(tolerance).length == 0
        || new Denominators(near.samples(), ofDistance).none(tolerance).length == 0;
  }

  private static Set<Integer> indices(int[] tokens) {
    return HashSet.ofAll(tokens);
  }
}
