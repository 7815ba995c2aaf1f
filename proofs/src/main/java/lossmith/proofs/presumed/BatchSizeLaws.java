package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** What becomes of a part where there is more of the batch, and of what it is divided by. */
final class BatchSizeLaws {
  private static final Set<Role> OF_RESPONSES =
      HashSet.of(
          Role.POLICY_SURROGATE,
          Role.REINFORCE,
          Role.IMPORTANCE_WEIGHTED,
          Role.REGULARISER,
          Role.ENTROPY_BONUS,
          Role.VALUE_REGRESSION,
          Role.IMITATION);

  private static final String MEAN = "batch-mean";

  private BatchSizeLaws() {}

  static PartLaws.Presumed twice() {
    return PartLaws.law(
        MEAN,
        "a part is a mean over the batch, unless it divides by a given count: with every prompt"
            + " twice, each token has half the gradient",
        "A = 1: ∂L/∂log π_t(x ∪ x) = ½ ∂L/∂log π_t(x)",
        1e-6,
        "a constant of 1e-8 may keep a denominator from 0",
        BatchSizeLaws::isAMean,
        BatchSizeLaws::twice,
        Trial.Kind.ORDINARY);
  }

  private static boolean isAMean(PresumedRole role) {
    return role.scales().forAll(BatchSizeLaws::isSet)
        && Graph.below(List.of(role.whole())).forAll(BatchSizeLaws::isOfEachPrompt)
        && !MaskLaws.countsAll(role);
  }

  /** One number for the whole batch that is counted in it is no scale of it. */
  private static boolean isSet(Node scale) {
    return PresumedRole.plain(scale).level() != Level.Name.BATCH
        || Graph.below(List.of(scale))
            .forAll(node -> !(node instanceof Node.Count || node instanceof Node.Reduce));
  }

  /**
   * Orders of tokens or responses, shares of an order and random numbers are of a batch of one
   * size.
   */
  static boolean isOfEachPrompt(Node node) {
    return !((node instanceof Node.Rank rank && rank.of().level() != Level.Name.VOCABULARY)
        || node instanceof Node.Quantile
        || node instanceof Node.Uniform
        || node instanceof Node.SumByKey
        || node instanceof Node.Permute);
  }

  static PartLaws.Presumed ofResponses() {
    return PartLaws.law(
        "response-mean",
        "a part is a mean over the responses to a prompt too, unless it divides by a given count:"
            + " with every response twice, each token has half the gradient",
        "A = 1: ∂L/∂log π_t(y ∪ y) = ½ ∂L/∂log π_t(y)",
        1e-6,
        "a constant of 1e-8 may keep a denominator from 0",
        role ->
            OF_RESPONSES.contains(role.role())
                && isAMean(role)
                && Graph.only(Node.Input.class, Graph.below(List.of(role.whole())))
                    .forAll(input -> !input.name().equals(Columns.SIGN)),
        (part, trial, tolerance) ->
            halved(part, trial, Batches.responsesTwice(trial.samples()), "response", tolerance),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> twice(Isolated part, Trial trial, double tolerance) {
    return halved(part, trial, Batches.twice(trial.samples()), "prompt", tolerance);
  }

  private static Seq<Violation> halved(
      Isolated part, Trial trial, Samples again, String what, double tolerance) {
    Trial both = PartLaws.with(trial, again);
    return slopes(part, trial)
        .flatMap(
            slope -> {
              double[] once = new Reference(trial.samples(), trial.parameters()).of(slope);
              double[] twice = new Reference(both.samples(), both.parameters()).of(slope);
              return Violation.between(
                      part.presumed().part()
                          + ": twice the gradient, with every "
                          + what
                          + " twice,",
                      Arrays.stream(twice).limit(once.length).map(x -> 2 * x).toArray(),
                      once,
                      tolerance * (1e-3 + Scale.size(once)))
                  .take(1);
            });
  }

  /** Where a sum is meant for a mean, this is meant too. */
  static PartLaws.Presumed scale() {
    PartLaws.Presumed law = ofScale();
    return new PartLaws.Presumed(
        law.law(),
        subject ->
            law.speaks().test(subject)
                && !subject.deviations().exists(one -> one.law().equals(MEAN)));
  }

  private static PartLaws.Presumed ofScale() {
    return PartLaws.law(
        "batch-scale",
        "what the whole batch is scaled by does not grow with it: with every prompt twice, each"
            + " token has about half the gradient",
        "∂L/∂log π_t(x ∪ x) ≈ ½ ∂L/∂log π_t(x)",
        0.3,
        "a std over n − 1 of few is another with 2n",
        role ->
            role.role().policyGradient()
                && Graph.below(role.advantages().appendAll(role.coefficients()))
                    .exists(BatchSizeLaws::isOfTheBatch)
                && Graph.below(List.of(role.whole())).forAll(BatchSizeLaws::isOfEachPrompt)
                && !MaskLaws.countsAll(role),
        BatchSizeLaws::scaled,
        Trial.Kind.ORDINARY);
  }

  private static boolean isOfTheBatch(Node node) {
    return node.level() == Level.Name.BATCH
        && (node instanceof Node.Count || node instanceof Node.Reduce);
  }

  private static Seq<Violation> scaled(Isolated part, Trial trial, double tolerance) {
    double once = Scale.size(part.slope(Columns.LOG_PROB, trial));
    Trial both = PartLaws.with(trial, Batches.twice(trial.samples()));
    return Violation.between(
        part.presumed().part() + ": twice the largest gradient, with every prompt twice,",
        2 * Scale.size(part.slope(Columns.LOG_PROB, both)),
        once,
        tolerance * once);
  }

  static PartLaws.Presumed responses() {
    return PartLaws.law(
        "group-mean",
        "what rewards of a prompt are compared with is a mean, a quantile or an end of them: with"
            + " every response twice, the responses to a prompt are moved in the same proportions",
        "A(R ∪ R) = c·A(R)",
        1e-4,
        "a constant of 1e-4 beside a std",
        role ->
            role.role().policyGradient()
                && role.worth().equals(HashSet.of(Columns.REWARD))
                && Graph.below(List.of(role.whole())).forAll(BatchSizeLaws::isOfEachPrompt),
        (part, trial, tolerance) ->
            proportions(part, StepLaws.onePolicy(PartLaws.usual(part, trial)), tolerance),
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  private static Seq<Violation> proportions(Isolated part, Trial once, double tolerance) {
    Trial both = PartLaws.with(once, Batches.responsesTwice(once.samples()));
    double[] here = part.slope(Columns.LOG_PROB, once);
    double[] there = part.slope(Columns.LOG_PROB, both);
    int[] of = once.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] prompt = once.samples().parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    boolean[] alone = Companions.alone(once.samples(), Level.Name.TOKEN);
    double allowed = tolerance * (1e-3 + Scale.size(here)) * (1e-3 + Scale.size(there));
    return List.range(0, here.length)
        .filter(t -> !alone[t])
        .flatMap(
            t ->
                List.range(0, t)
                    .filter(u -> prompt[of[u]] == prompt[of[t]])
                    .filter(u -> Math.abs(here[t] * there[u] - here[u] * there[t]) > allowed)
                    .map(
                        u ->
                            new Violation.Fact(
                                part.presumed().part()
                                    + ": d/dlog_prob of tokens "
                                    + u
                                    + " and "
                                    + t
                                    + ", which are of one prompt, is "
                                    + here[u]
                                    + " and "
                                    + here[t]
                                    + ", with every response twice "
                                    + there[u]
                                    + " and "
                                    + there[t])))
        .map(Violation.class::cast)
        .take(1);
  }

  /**
   * At the statistics of each token or response; at the logits, of what is taken over the
   * vocabulary.
   */
  private static Seq<Node> slopes(Isolated part, Trial trial) {
    boolean ofVocabulary =
        part.presumed().role() == Role.UNKNOWN || part.presumed().role() == Role.DISTILLATION;
    return ofVocabulary && part.atLogits().isDefined()
        ? part.atLogits().toList()
        : part.unscaled()
            .gradients()
            .filterKeys(trial.samples().columns()::contains)
            .values()
            .filter(
                slope -> slope.level() == Level.Name.TOKEN || slope.level() == Level.Name.SEQUENCE);
  }

  static PartLaws.Presumed count() {
    return PartLaws.law(
        "count-divides",
        "what is called a length or a number of tokens, responses or prompts, and is a factor of"
            + " all of a part, divides it",
        "n → 2n: |∂L(2n)| ≤ |∂L(n)|",
        1e-9,
        "another order of multiplication",
        role -> !counts(role).isEmpty(),
        (part, trial, tolerance) ->
            counts(part.presumed()).flatMap(node -> count(part, node, trial, tolerance)),
        Trial.Kind.ORDINARY);
  }

  /** The coefficients that are numbers of something, given for the batch or set. */
  private static Seq<Node> counts(PresumedRole role) {
    return role.coefficients()
        .filter(
            node ->
                (node instanceof Node.ParameterValue parameter && MaskLaws.counts(parameter.name()))
                    || (node instanceof Node.Input input
                        && input.level() == Level.Name.BATCH
                        && !input.trained()
                        && MaskLaws.counts(input.name())));
  }

  private static Seq<Violation> count(Isolated part, Node node, Trial any, double tolerance) {
    Trial trial = PartLaws.usual(part, any);
    String name =
        node instanceof Node.ParameterValue parameter
            ? parameter.name()
            : ((Node.Input) node).name();
    Map<String, Double> all = trial.parameters();
    Trial more =
        node instanceof Node.ParameterValue
            ? new Trial(
                trial.seed(), trial.kind(), trial.samples(), all.put(name, 2 * all.get(name).get()))
            : PartLaws.changed(trial, name, x -> 2 * x);
    double here = Scale.size(part.slope(Columns.LOG_PROB, trial));
    double there = Scale.size(part.slope(Columns.LOG_PROB, more));
    return there > here * (1 + tolerance)
        ? List.of(
            PartLaws.at(
                part,
                "with " + name + " doubled, the largest entry of d/dlog_prob",
                0,
                there + " instead of " + here))
        : List.empty();
  }
}
