package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What is raised as it is: the likelihood of what was given, or of a label. */
final class LikelihoodLaws {
  private LikelihoodLaws() {}

  static PartLaws.Presumed imitation() {
    return PartLaws.law(
        "imitation-raises",
        "what is imitated is made no less likely, however unlikely it is",
        "L of log π alone: ∂L/∂log π_t ≤ 0",
        0,
        "a sign is not rounded",
        LikelihoodLaws::isOfSampledAlone,
        (part, trial, tolerance) -> {
          double[] slope = part.slope(Columns.LOG_PROB, PartLaws.usual(part, trial));
          return List.range(0, slope.length)
              .filter(t -> slope[t] > 0)
              .map(t -> PartLaws.at(part, "d/dlog_prob", t, slope[t]))
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed likelihood() {
    return PartLaws.law(
        "likelihood-raised",
        "log σ of a score is the log-likelihood of a label: it is raised, by a label between 0 and"
            + " 1, over a denominator: a number of tokens, responses or prompts",
        "L = −Σ (y log σ(x) + (1 − y) log σ(−x))/n: ∂L/∂log σ(x) + ∂L/∂log σ(−x) ∈ {0, −1/n}",
        1e-6,
        "the denominator may have a constant that keeps it from 0",
        role ->
            role.role() == Role.UNKNOWN
                && role.carriers()
                    .forAll(
                        node ->
                            node.level() == Level.Name.TOKEN
                                && node instanceof Node.Unary log
                                && log.op() == UnaryOp.LOG_SIGMOID),
        (part, trial, tolerance) -> {
          double[] share = part.carried(PartLaws.usual(part, trial));
          return List.ofAll(new Denominators(trial.samples(), share).none(tolerance))
              .map(t -> PartLaws.at(part, "dL/dlog σ, of both sides,", t, share[t]))
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed labelled() {
    return PartLaws.law(
        "label-turns",
        "an unpaired preference makes a response with the reward 1 more likely and one with the"
            + " reward 0 less likely",
        "∀ i: Σ_t ∂L/∂log π_t ≤ 0 where R_i = 1, ≥ 0 where R_i = 0, and not 0 of all",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.UNPAIRED_PREFERENCE && readsReward(role.whole()),
        (part, trial, tolerance) ->
            pulled(part, PartLaws.usual(part, trial), 1, -1)
                .appendAll(pulled(part, PartLaws.usual(part, trial), 0, 1)),
        Trial.Kind.ORDINARY);
  }

  /** A label weighs what carries the gradient, or chooses between its two functions. */
  private static boolean readsReward(Node whole) {
    return Graph.only(Node.Input.class, Graph.below(List.of(whole)))
        .exists(input -> input.name().equals(Columns.REWARD));
  }

  /** Where all responses have one reward and the gradient of one has the other sign, or none. */
  private static Seq<Violation> pulled(Isolated part, Trial trial, double reward, int sign) {
    if (!trial.samples().level(Columns.REWARD).contains(Level.Name.SEQUENCE)) {
      return List.empty(); // the objective's own, at another level
    }
    Trial alike = PartLaws.changed(trial, Columns.REWARD, any -> reward);
    double[] pull = PartLaws.perResponse(alike, part.slope(Columns.LOG_PROB, alike));
    String what = "with the reward " + (int) reward + ", the gradient of response";
    Seq<Violation> turned =
        List.range(0, pull.length)
            .filter(i -> sign * pull[i] < 0)
            .map(i -> PartLaws.at(part, what, i, pull[i]))
            .take(1);
    boolean none = Arrays.stream(pull).allMatch(x -> x == 0);
    return none && pull.length > 0 ? List.of(PartLaws.at(part, what, 0, 0.0)) : turned;
  }

  /** A function of log π of what was sampled, and of nothing else. */
  private static boolean isOfSampledAlone(PresumedRole role) {
    Set<String> read =
        HashSet.ofAll(
            Graph.only(Node.Input.class, Graph.below(List.of(role.whole()), Node::children))
                .map(Node.Input::name)
                .reject(PresumedRole::isMask));
    return (role.role() == Role.IMITATION || role.role() == Role.UNKNOWN)
        && read.equals(HashSet.of(Columns.LOG_PI))
        && Graph.below(role.carriers()).exists(Node.Gather.class::isInstance)
        && Graph.below(role.carriers()).forAll(LikelihoodLaws::isMonotonic);
  }

  /** log(1 − π) is an unlikelihood, and what a distance from a bound is made of no likelihood. */
  private static boolean isMonotonic(Node node) {
    return !(node instanceof Node.Unary unary
            && (unary.op() == UnaryOp.SQUARE
                || unary.op() == UnaryOp.ABS
                || unary.op() == UnaryOp.LOG1M_EXP))
        && !(node instanceof Node.Binary binary && binary.op() == BinaryOp.PROB_TIMES);
  }
}
