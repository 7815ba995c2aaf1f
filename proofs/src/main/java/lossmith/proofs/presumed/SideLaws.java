package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Which side a bound is on, and what a coefficient inside a comparison is multiplied with. */
final class SideLaws {
  private static final double APART = 0.5;

  private SideLaws() {}

  static PartLaws.Presumed low() {
    return PartLaws.law(
        "bound-sides",
        "a bound that is called low says nothing where every ratio is above 1, one that is called"
            + " high nothing where every ratio is below 1",
        "r > 1 ⇒ ∂∇L/∂low = 0, r < 1 ⇒ ∂∇L/∂high = 0",
        1e-12,
        "the same arithmetic",
        role ->
            role.role().policyGradient()
                && List.of("low", "high").forAll(word -> !named(role, word).isEmpty()),
        (part, trial, tolerance) ->
            List.of("low", "high").flatMap(word -> side(part, word, trial, tolerance)).take(1),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.ParameterValue> named(PresumedRole role, String word) {
    return Graph.parameters(List.of(role.whole()))
        .filter(
            parameter ->
                parameter.name().startsWith("clip")
                    && List.of(parameter.name().split("_", -1)).contains(word));
  }

  private static Seq<Violation> side(Isolated part, String word, Trial any, double tolerance) {
    double by = word.equals("low") ? APART : -APART;
    Trial one = StepLaws.onePolicy(PartLaws.usual(part, any));
    Samples samples = one.samples();
    double[] other =
        Arrays.stream(samples.column(Columns.LOG_PROB).get()).map(x -> x - by).toArray();
    if (!samples.level(Columns.OLD_LOG_PROB).contains(Level.Name.TOKEN)) {
      return List.empty(); // the objective's own, at another level
    }
    Trial trial = PartLaws.with(one, samples.with(Columns.OLD_LOG_PROB, Level.Name.TOKEN, other));
    return named(part.presumed(), word)
        .flatMap(
            parameter ->
                List.of(0.5, 2.0)
                    .flatMap(
                        times -> {
                          double value = parameter.range().initial() * times;
                          double[] here = part.slope(Columns.LOG_PROB, trial);
                          double[] there =
                              part.slope(
                                  Columns.LOG_PROB,
                                  new Trial(
                                      trial.seed(),
                                      trial.kind(),
                                      trial.samples(),
                                      trial.parameters().put(parameter.name(), value)));
                          return Violation.between(
                              part.presumed().part()
                                  + ": with every ratio "
                                  + (by > 0 ? "above" : "below")
                                  + " 1 and another "
                                  + parameter.name()
                                  + ", d/dlog_prob",
                              there,
                              here,
                              tolerance * (1 + Scale.size(here)));
                        }));
  }

  static PartLaws.Presumed coefficient() {
    return PartLaws.law(
        "comparison-scale",
        "a coefficient multiplies the log-ratios that are compared, once: with twice the"
            + " coefficient and half the log-ratios the loss is the same",
        "L(2β, h/2) = L(β, h)",
        1e-9,
        "another order of multiplication",
        role ->
            (role.role() == Role.PREFERENCE_PAIR || role.role() == Role.UNPAIRED_PREFERENCE)
                && role.others().contains(Columns.REFERENCE_LOG_PROB)
                && !inside(role).isEmpty()
                && role.weights().isEmpty()
                && Graph.below(List.of(role.whole()))
                    .forAll(
                        node ->
                            !(node instanceof Node.Permute // other pairs are compared
                                || (node instanceof Node.Unary exp
                                    && exp.op() == UnaryOp.EXP
                                    && !exp.live())))
                && role.beside().isEmpty(),
        (part, trial, tolerance) ->
            inside(part.presumed())
                .flatMap(name -> doubled(part, name, PartLaws.usual(part, trial), tolerance))
                .take(1),
        Trial.Kind.ORDINARY);
  }

  /** The parameters that multiply what has a gradient inside a function. */
  private static Seq<String> inside(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(role.carriers().flatMap(Node::children)))
        .filter(product -> product.op() == BinaryOp.TIMES && product.live())
        .filter(product -> Graph.below(List.of(product)).forAll(SideLaws::isLinear))
        .flatMap(product -> List.of(product.left(), product.right()))
        .map(PresumedRole::plain)
        .filter(Node.ParameterValue.class::isInstance)
        .map(node -> ((Node.ParameterValue) node).name())
        .distinct();
  }

  private static boolean isLinear(Node node) {
    return !(node instanceof Node.Unary unary && unary.live() && unary.op() != UnaryOp.NEGATE);
  }

  private static Seq<Violation> doubled(Isolated part, String name, Trial trial, double tolerance) {
    Samples samples = trial.samples();
    if (!samples.level(Columns.REFERENCE_LOG_PROB).contains(Level.Name.TOKEN)) {
      return List.empty(); // the objective's own, at another level
    }
    double[] other = samples.column(Columns.REFERENCE_LOG_PROB).get();
    double[] policy = samples.column(Columns.LOG_PROB).get();
    double[] nearer = new double[policy.length];
    Arrays.setAll(nearer, t -> (policy[t] + other[t]) / 2);
    Trial half =
        new Trial(
            trial.seed(),
            trial.kind(),
            samples.with(Columns.LOG_PROB, Level.Name.TOKEN, nearer),
            trial.parameters().put(name, 2 * trial.parameters().get(name).get()));
    Trial all =
        samples
            .columns()
            .filter(column -> column.endsWith("log_ratio"))
            .foldLeft(half, (some, column) -> PartLaws.changed(some, column, x -> x / 2));
    double here = value(part, trial);
    return Violation.between(
        part.presumed().part() + ": with " + name + " doubled and half the log-ratios, its value",
        value(part, all),
        here,
        tolerance * (1 + Math.abs(here)));
  }

  static double value(Isolated part, Trial trial) {
    return new Reference(trial.samples(), trial.parameters()).number(part.bound().value());
  }

  static PartLaws.Presumed mirror() {
    return PartLaws.law(
        "value-mirror",
        "an error of a value is the same on either side of its target: with the values and all that"
            + " they are compared with negated, the loss is the same",
        "L(−V, −R) = L(V, R)",
        1e-9,
        "the same arithmetic",
        role -> role.role() == Role.VALUE_REGRESSION && isOfNumbers(role),
        (part, trial, tolerance) -> {
          Trial usual = PartLaws.usual(part, trial);
          Trial negated =
              goals(part.presumed())
                  .foldLeft(usual, (all, name) -> PartLaws.changed(all, name, x -> -x));
          double here = value(part, usual);
          return Violation.between(
              part.presumed().part() + ": with values and returns negated, its value",
              value(part, negated),
              here,
              tolerance * (1 + Math.abs(here)));
        },
        Trial.Kind.ORDINARY);
  }

  /** Values and what they are compared with: no policies, and no shares of what is below. */
  private static boolean isOfNumbers(PresumedRole role) {
    return role.beside().isEmpty()
        && Graph.parameters(List.of(role.whole()))
            .forAll(p -> !p.name().contains("tile") && !p.name().contains("lower"))
        && !goals(role).exists(Columns.LOG_PROBS::contains)
        && Graph.below(List.of(role.whole()))
            .forAll(
                node ->
                    !(node instanceof Node.Select
                        || node instanceof Node.Quantile
                        || node instanceof Node.Rank
                        || (node instanceof Node.Input input
                            && input.level() == Level.Name.VOCABULARY)));
  }

  private static Seq<String> goals(PresumedRole role) {
    return Graph.only(Node.Input.class, Graph.below(role.carriers()))
        .map(Node.Input::name)
        .reject(PresumedRole::isMask)
        .distinct();
  }
}
