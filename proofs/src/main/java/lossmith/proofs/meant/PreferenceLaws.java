package lossmith.proofs.meant;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What is compared in a preference, and with what: its two sides, its target, its labels. */
final class PreferenceLaws {
  private static final double MOVE = 0.5;

  /** Every token is certain, so that neither response is preferred without a reference either. */
  private static final double LEVEL = 0;

  /** Where nothing else is read, all pairs are scored by one function. */
  private static final Set<String> KNOWN =
      HashSet.of(Columns.SIGN, Columns.LOG_PI, Columns.REFERENCE_LOG_PROB);

  private static final String BETA = "beta";

  private static final Set<UnaryOp> SQUASHING =
      HashSet.of(UnaryOp.SIGMOID, UnaryOp.LOG_SIGMOID, UnaryOp.SOFTPLUS);

  private PreferenceLaws() {}

  /** Both responses enter h = s(y_w) − s(y_l) by one function s, a sum or a mean of log-ratios. */
  static PartLaws.Presumed balanced() {
    return PartLaws.law(
        "pair-balance",
        "the responses of pairs are scored alike, by a sum over their own tokens or a mean over"
            + " them: where all tokens are equally likely, the steps of all are of one size per"
            + " token, or per response",
        "h = s(y_w) − s(y_l), s = Σ_t or (1/|y|) Σ_t",
        1e-9,
        "a difference of sums of few summands",
        role ->
            role.role() == Role.PREFERENCE_PAIR
                && role.read().containsAll(List.of(Columns.SIGN, Columns.LOG_PI))
                && role.carriers().forAll(node -> node.level() == Level.Name.GROUP),
        PreferenceLaws::balance,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> balance(Isolated part, Trial any, double tolerance) {
    Trial usual = PartLaws.usual(part, any);
    if (!usual.samples().level(Columns.SIGN).contains(Level.Name.SEQUENCE)) {
      return List.empty(); // the objective's own, at another level
    }
    Trial level =
        Columns.LOG_PROBS.foldLeft(usual, (all, name) -> PartLaws.changed(all, name, x -> LEVEL));
    Samples samples = level.samples();
    double[] slope = part.slope(Columns.LOG_PROB, level);
    double[] side = samples.column(Columns.SIGN).get();
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] lengths = samples.lengths();
    double[] size = new double[side.length];
    boolean[] even = new boolean[side.length];
    Arrays.fill(even, true);
    for (int t = 0; t < of.length; t++) {
      double here = Math.abs(slope[t]);
      even[of[t]] &= size[of[t]] == 0 || Math.abs(here / size[of[t]] - 1) <= tolerance;
      size[of[t]] = here;
    }
    boolean anyPair =
        part.presumed().reads().removeAll(KNOWN).isEmpty()
            && !comparesLengths(part.presumed())
            && part.presumed().weights().isEmpty()
            && Graph.only(Node.Input.class, Graph.below(part.presumed().coefficients())).isEmpty();
    Seq<Integer> scored = List.range(0, side.length).filter(i -> even[i] && size[i] > 0);
    return scored
        .flatMap(
            i ->
                scored
                    .filter(j -> j > i && (anyPair || groups[j] == groups[i]))
                    .filter(j -> apart(size[i], size[j], tolerance))
                    .filter(j -> apart(size[i] * lengths[i], size[j] * lengths[j], tolerance))
                    .map(
                        j ->
                            new Violation.Fact(
                                part.presumed().part()
                                    + ": the responses are scored by neither a sum nor a mean over"
                                    + " their own tokens: where all tokens are equally likely, the"
                                    + " step of each token is "
                                    + size[i]
                                    + " in a response of "
                                    + lengths[i]
                                    + " and "
                                    + size[j]
                                    + " in one of "
                                    + lengths[j])))
        .take(1)
        .map(Violation.class::cast);
  }

  /** Whether the chosen response must lead by more the longer it is. */
  private static boolean comparesLengths(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(sum -> sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
        .filter(sum -> sum.left().live() != sum.right().live())
        .map(sum -> sum.left().live() ? sum.right() : sum.left())
        .exists(held -> Graph.below(List.of(held)).exists(Node.Count.class::isInstance));
  }

  private static boolean apart(double x, double y, double tolerance) {
    return Math.abs(x / y - 1) > tolerance;
  }

  /**
   * KTO compares r = log π − log π_ref of a response with z, and only then looks at its label: 1 −
   * σ(β(r − z)) where it is desirable, 1 − σ(β(z − r)) where it is not (KTO, eq 8).
   */
  static PartLaws.Presumed reference() {
    return PartLaws.law(
        "reference-point",
        "what each response is compared with is taken from its log-ratio before its label turns the"
            + " difference, and is held: raising it does to the loss of each response what lowering"
            + " its log-ratio does",
        "ℓ_i = f(±(r_i − z)): ∂ℓ_i/∂z · ∂ℓ_i/∂r_i ≤ 0, z = sg(z)",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.UNPAIRED_PREFERENCE && points(losses(role.whole())).nonEmpty(),
        (part, trial, tolerance) -> points(part, PartLaws.onePolicy(PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  /** What makes a loss of each response. */
  private static Seq<Node> losses(Node whole) {
    return Graph.below(List.of(whole))
        .filter(
            node ->
                node.live()
                    && node.level() == Level.Name.SEQUENCE
                    && node instanceof Node.Unary unary
                    && SQUASHING.contains(unary.op()));
  }

  /** Numbers of the whole batch that are added to what is squashed, or subtracted from it. */
  private static Seq<Node> points(Seq<Node> losses) {
    return Graph.only(Node.Binary.class, Graph.below(losses))
        .filter(
            sum ->
                (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
                    && sum.level() == Level.Name.SEQUENCE)
        .flatMap(sum -> List.of(sum.left(), sum.right()))
        .filter(
            side ->
                PresumedRole.plain(side).level() == Level.Name.BATCH
                    && Graph.only(Node.Input.class, Graph.below(List.of(side))).nonEmpty())
        .distinct();
  }

  private static Seq<Violation> points(Isolated part, Trial trial) {
    Seq<Node> losses = losses(part.bound().value());
    return losses
        .flatMap(loss -> points(List.of(loss)).flatMap(point -> point(part, loss, point, trial)))
        .take(1);
  }

  private static Seq<Violation> point(Isolated part, Node loss, Node point, Trial trial) {
    String name = part.presumed().part();
    if (point.live()) {
      return List.of(
          new Violation.Fact(
              name
                  + ": stopGradient() is missing at what each response is compared with: "
                  + PartLaws.text(point)));
    }
    Trial less = PartLaws.changed(trial, Columns.LOG_PROB, x -> x - MOVE);
    double[] held = new Reference(trial.samples(), trial.parameters()).of(point);
    double[] here = of(loss, point, held, trial);
    double[] lowered = of(loss, point, held, less);
    double[] raised = of(loss, point, Arrays.stream(held).map(x -> x + MOVE).toArray(), trial);
    return List.range(0, here.length)
        .filter(i -> (lowered[i] - here[i]) * (raised[i] - here[i]) < 0)
        .map(
            i ->
                PartLaws.at(
                    part,
                    PartLaws.text(point)
                        + ", with which it is compared, is added, or subtracted after the label:"
                        + " raised by 0.5, the loss of response",
                    i,
                    raised[i]
                        + " instead of "
                        + here[i]
                        + ", and with log-probabilities lower by 0.5 "
                        + lowered[i]))
        .take(1);
  }

  private static double[] of(Node loss, Node point, double[] held, Trial trial) {
    return new Reference(trial.samples(), trial.parameters()).given(point, held).of(loss);
  }

  /** IPO asks for a log-ratio of 1/(2β): the stronger it holds the policy, the less it asks for. */
  static PartLaws.Presumed target() {
    return PartLaws.law(
        "target-falls",
        "what a squared preference asks a pair to be apart by is less where beta is larger, which"
            + " holds the policy nearer to the reference",
        "(h − 1/(2β))²: ∂target/∂β < 0",
        0,
        "a sign is not rounded",
        role -> role.role() == Role.PREFERENCE_PAIR && targets(role).nonEmpty(),
        (part, trial, tolerance) ->
            targets(part.presumed())
                .filter(target -> rises(target, PartLaws.usual(part, trial)))
                .map(
                    target ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": with twice the beta, the log-ratio that is asked for is"
                                + " larger: "
                                + PartLaws.text(target))),
        Trial.Kind.ORDINARY);
  }

  /** What only beta says, beside the difference that is squared. */
  private static Seq<Node> targets(PresumedRole role) {
    return role.carriers()
        .filter(node -> node instanceof Node.Unary square && square.op() == UnaryOp.SQUARE)
        .flatMap(Node::children)
        .map(PresumedRole::plain)
        .filter(
            node ->
                node instanceof Node.Binary difference
                    && difference.op() == BinaryOp.MINUS
                    && difference.left().live())
        .map(node -> ((Node.Binary) node).right())
        .filter(
            target ->
                Graph.only(Node.Input.class, Graph.below(List.of(target))).isEmpty()
                    && Graph.parameters(List.of(target))
                        .map(Node.ParameterValue::name)
                        .equals(List.of(BETA)));
  }

  private static boolean rises(Node target, Trial trial) {
    double beta = trial.parameters().get(BETA).get();
    Map<String, Double> twice = trial.parameters().put(BETA, 2 * beta);
    double[] here = new Reference(trial.samples(), trial.parameters()).of(target);
    double[] there = new Reference(trial.samples(), twice).of(target);
    return IntStream.range(0, here.length).anyMatch(i -> there[i] > here[i]);
  }
}
