package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a part reads is heard: an advantage, another policy, and what a condition decides. */
final class HeardLaws {
  /** Log-ratios on either side of every bound, and between those that are usual. */
  private static final List<Double> APART = List.of(0.0, 0.1, -0.1, 1.0, -1.0, 30.0, -30.0);

  /** log π of a token that nearly no other is sampled for. */
  private static final double LIKELY = -0.05;

  private static final List<Double> MOVES = List.of(-0.5, 0.5);

  private static final double ROUNDING = 1e-9;

  private HeardLaws() {}

  static PartLaws.Presumed advantage() {
    return PartLaws.law(
        "advantage-heard",
        "where all policies are one, an advantage of 1 moves some token, and so does one of -1",
        "π_old = π, A = ±1 ⇒ ∂L/∂log π ≢ 0",
        0,
        "a zero is not rounded",
        role ->
            role.role().policyGradient()
                && role.isOfPolicies()
                && Graph.only(Node.Select.class, Graph.below(List.of(role.whole())))
                    .forAll(choice -> isOfItsOwn(role, choice)),
        (part, trial, tolerance) -> still(part, unmasked(PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  /** Whether the policies and the advantage decide, and neither chance nor what is given. */
  private static boolean isOfItsOwn(PresumedRole role, Node.Select choice) {
    return Graph.below(List.of(choice.when()))
        .forAll(
            node ->
                !(node instanceof Node.Uniform || node instanceof Node.Rank)
                    && !(node instanceof Node.Input input
                        && !PresumedRole.isMask(input.name())
                        && !input.name().equals(Columns.LOG_PI)
                        && !Columns.LOG_PROBS.contains(input.name())
                        && !role.worth().contains(input.name())));
  }

  private static Seq<Violation> still(Isolated part, Trial one) {
    double[] left = part.unselected(Columns.LOG_PROB, one);
    // What is chosen by something that counts as an advantage is chosen otherwise where that is -1.
    Seq<Node> advantages = part.presumed().advantages();
    boolean chooses = Graph.below(part.presumed().selections()).exists(advantages::contains);
    return (chooses ? List.of(1) : List.of(1, -1))
        .filter(
            a -> {
              double[] slope =
                  a > 0
                      ? part.unscaled(Columns.LOG_PROB, one)
                      : part.opposite(Columns.LOG_PROB, one);
              return part.bound().gradients().containsKey(Columns.LOG_PROB)
                  && left.length > 0
                  && isZero(slope)
                  && (isZero(left) || selectsNothing(part.presumed()));
            })
        .map(
            a ->
                new Violation.Fact(
                    part.presumed().part()
                        + ": where all policies are one and every advantage is "
                        + a
                        + ", no token has a gradient"));
  }

  private static boolean isZero(double[] x) {
    return Arrays.stream(x).allMatch(each -> each == 0);
  }

  /** Masks alone select, which leave nothing out where they are 1. */
  private static boolean selectsNothing(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(role.selections()))
        .forAll(input -> PresumedRole.isMask(input.name()));
  }

  /** All policies are one, and every mask is 1. */
  static Trial unmasked(Trial trial) {
    return trial
        .samples()
        .columns()
        .filter(PresumedRole::isMask)
        .foldLeft(StepLaws.onePolicy(trial), (all, mask) -> PartLaws.changed(all, mask, x -> 1));
  }

  static PartLaws.Presumed ratio() {
    return PartLaws.law(
        "policy-heard",
        "log π of what was sampled, with its gradient, has no other policy subtracted from it,"
            + " which would have no effect: a ratio is the exponential of the difference, a"
            + " distance over the vocabulary an expectation of it",
        "L = A·(log π − log μ): ∂/∂log μ ∂L/∂log π = 0",
        0,
        "structure, nothing is rounded",
        HeardLaws::isLogarithmic,
        (part, trial, tolerance) ->
            part.presumed().others().isEmpty()
                ? List.empty()
                : List.of(
                    new Violation.Fact(
                        part.presumed().part()
                            + ": "
                            + part.presumed().others().mkString(", ")
                            + " is subtracted from log π, and no exponential is taken")),
        Trial.Kind.ORDINARY);
  }

  private static boolean isLogarithmic(PresumedRole role) {
    return role.role() == Role.REINFORCE
        || role.role() == Role.IMPORTANCE_WEIGHTED
        || role.role() == Role.IMITATION;
  }

  static PartLaws.Presumed condition() {
    return PartLaws.law(
        "condition-decides",
        "what is asked of two policies is true of some and false of others, be they equal, near or"
            + " far apart",
        "1[C(π, μ)] ≢ const",
        0,
        "a condition is not rounded",
        role -> !asked(role).isEmpty(),
        (part, trial, tolerance) ->
            asked(part.presumed())
                .filter(condition -> isConstant(condition, PartLaws.usual(part, trial)))
                .map(
                    condition ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": however far the policies are apart, one answer is given to "
                                + PartLaws.text(condition))),
        Trial.Kind.ORDINARY);
  }

  /** The whole conditions that compare policies, and not what they are made of. */
  private static Seq<Node> asked(PresumedRole role) {
    return Graph.first(role.whole(), node -> node.condition() && PresumedRole.comparesAt(node))
        .filter(
            node ->
                Graph.below(List.of(node))
                    .forAll(
                        below ->
                            !role.advantages().contains(below)
                                && !(below instanceof Node.Input input
                                    && input.name().equals(Columns.REFERENCE_LOG_PI))));
  }

  /**
   * Asked of tokens as they are, and of likely ones: how far an unlikely one goes may be little.
   */
  private static boolean isConstant(Node condition, Trial trial) {
    Samples samples = trial.samples();
    Node bound =
        BoundLoss.node(condition, Surface.STATISTICS, samples.columns().addAll(samples.grids()));
    Trial likely = PartLaws.changed(trial, Columns.LOG_PROB, x -> LIKELY);
    return answers(bound, trial).addAll(answers(bound, likely)).size() == 1;
  }

  private static Set<Double> answers(Node condition, Trial trial) {
    return APART.foldLeft(
        HashSet.empty(),
        (all, by) ->
            Columns.LOG_PROBS
                .remove(Columns.LOG_PROB)
                .foldLeft(
                    all,
                    (some, name) -> {
                      Trial apart = apart(trial, name, by);
                      double[] found =
                          new Reference(apart.samples(), apart.parameters()).of(condition);
                      return some.addAll(List.ofAll(found));
                    }));
  }

  /** All policies are one but for this, which is so far from them. */
  private static Trial apart(Trial trial, String name, double by) {
    Samples samples = StepLaws.onePolicy(trial).samples();
    return PartLaws.changed(PartLaws.with(trial, samples), name, x -> x - by);
  }

  static PartLaws.Presumed tokens() {
    return PartLaws.law(
        "token-heard",
        "an advantage that hears what a token was given hears what the first token of a response"
            + " was given, and the last: no column is read one token off",
        "∂A/∂x_t ≢ 0 ⇒ ∂A/∂x_first ≢ 0, ∂A/∂x_last ≢ 0",
        0,
        "a zero is not rounded",
        role ->
            role.role().policyGradient()
                && !given(role).isEmpty()
                && Graph.below(List.of(role.whole())).forAll(BatchSizeLaws::isOfEachPrompt)
                && Graph.below(role.advantages()).forAll(HeardLaws::isOfItsPlace),
        (part, trial, tolerance) ->
            given(part.presumed())
                .filter(name -> trial.samples().level(name).contains(Level.Name.TOKEN))
                .flatMap(name -> unheard(part, name, PartLaws.usual(part, trial)))
                .take(1),
        Trial.Kind.ORDINARY);
  }

  /** What advantages read of tokens, but for masks and the policy that is trained. */
  private static Seq<String> given(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(role.advantages()))
        .filter(input -> input.level() == Level.Name.TOKEN && !input.trained())
        .map(Node.Input::name)
        .reject(PresumedRole::isMask)
        .filter(name -> List.of(Columns.REFERENCE_LOG_PROB, Columns.TOKEN_REWARD).contains(name))
        .distinct();
  }

  private static boolean isOfItsPlace(Node node) {
    return !(node instanceof Node.Scan
        || node instanceof Node.SumByKey
        || node instanceof Node.Permute);
  }

  /** By more than rounding: between two responses the sizes of rewards make no difference. */
  private static boolean differs(double[] there, double[] here) {
    double rounding = ROUNDING * (Scale.size(here) + Scale.size(there));
    return IntStream.range(0, here.length).anyMatch(t -> Math.abs(there[t] - here[t]) > rounding);
  }

  private static Seq<Violation> unheard(Isolated part, String name, Trial any) {
    Trial trial = unmasked(any);
    double[] here = part.slope(Columns.LOG_PROB, trial);
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    List<Boolean> heard =
        List.range(0, of.length)
            .map(
                t ->
                    MOVES.exists(
                        by ->
                            differs(
                                part.slope(Columns.LOG_PROB, PartLaws.moved(trial, name, t, by)),
                                here)));
    return List.range(0, of.length)
        .filter(t -> !heard.get(t))
        .filter(t -> t == 0 || of[t - 1] != of[t] || t + 1 == of.length || of[t + 1] != of[t])
        .filter(t -> List.range(0, of.length).exists(u -> of[u] == of[t] && heard.get(u)))
        .map(
            t ->
                PartLaws.at(
                    part,
                    "the gradient, whatever " + name,
                    t,
                    "the same, and that of another token of this response is heard"))
        .take(1);
  }
}
