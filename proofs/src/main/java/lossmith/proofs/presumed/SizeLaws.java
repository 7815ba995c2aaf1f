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

/** How strongly an entropy bonus and a preference between a pair push, in numbers. */
final class SizeLaws {
  private static final Set<UnaryOp> LINKS =
      HashSet.of(UnaryOp.LOG_SIGMOID, UnaryOp.SOFTPLUS, UnaryOp.SIGMOID, UnaryOp.SQUARE);

  private SizeLaws() {}

  static PartLaws.Presumed bonus() {
    return PartLaws.law(
        "bonus-size",
        "an entropy bonus with the coefficient 1 has the slope 1 in the entropy of each token that"
            + " counts, over a denominator: a number of tokens, responses or prompts",
        "α = 1 ⇒ ∂L/∂H_t ∈ {0, −1/n}",
        1e-6,
        "the denominator may have a constant that keeps it from 0",
        role -> role.role() == Role.ENTROPY_BONUS && !role.isAimed() && role.scales().nonEmpty(),
        SizeLaws::bonus,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> bonus(Isolated part, Trial trial, double tolerance) {
    Trial usual = PartLaws.usual(part, trial);
    double[] slope = part.unscaled(Columns.ENTROPY, usual);
    return slope.length == 0
        ? List.empty()
        : List.ofAll(new Denominators(usual.samples(), slope).none(tolerance))
            .map(t -> PartLaws.at(part, "with the coefficient 1, dL/dentropy", t, slope[t]));
  }

  static PartLaws.Presumed distillation() {
    return PartLaws.law(
        "distillation-size",
        "the divergence of each token that counts enters as it is or by half, over a denominator: a"
            + " number of tokens, responses or prompts",
        "L = Σ_t D_t/n: ∂L/∂D_t ∈ {0, 1/n, 1/2n}",
        1e-6,
        "the denominator may have a constant that keeps it from 0",
        role ->
            (role.role() == Role.DISTILLATION
                    || (role.role() == Role.REGULARISER && isOverVocabulary(role)))
                && role.advantages().isEmpty()
                && role.carriers().size() == 1
                && role.carriers().head().level() == Level.Name.TOKEN,
        SizeLaws::distillation,
        Trial.Kind.ORDINARY);
  }

  /** A penalty has a coefficient of its own, which nobody has to make a parameter. */
  private static Seq<Double> numbers(PresumedRole role) {
    return role.role() == Role.DISTILLATION
        ? List.of(1.0)
        : Graph.only(Node.Constant.class, role.coefficients().map(PresumedRole::plain))
            .map(number -> Math.abs(number.value()))
            .filter(number -> number > 0)
            .flatMap(number -> List.of(number, 1 / number))
            .append(1.0);
  }

  private static boolean isOverVocabulary(PresumedRole role) {
    return role.carriers()
        .forAll(
            carrier ->
                PresumedRole.plain(carrier) instanceof Node.Reduce sum
                    && sum.of().level() == Level.Name.VOCABULARY);
  }

  private static Seq<Violation> distillation(Isolated part, Trial trial, double tolerance) {
    Trial usual = PartLaws.usual(part, trial);
    double[] share = Arrays.stream(part.carried(usual)).map(x -> -x).toArray();
    return numbers(part.presumed())
        .flatMap(number -> List.of(number, 2 * number))
        .map(number -> Arrays.stream(share).map(x -> number * x).toArray())
        .map(steps -> HashSet.ofAll(new Denominators(usual.samples(), steps).none(tolerance)))
        .reduce(HashSet::intersect)
        .toList()
        .sorted()
        .map(t -> PartLaws.at(part, "dL/dD, with D the divergence of a token,", t, -share[t]));
  }

  static PartLaws.Presumed pair() {
    return PartLaws.law(
        "pair-size",
        "where neither response of a pair is preferred, the gradient of each token is the slope of"
            + " a known loss (1/4 of a probability, 1/2 of a logistic loss, 1 or 2 of a hinge or a"
            + " square), times or over its coefficient, over a number of prompts and, of a mean,"
            + " over the length",
        "π = π_ref ⇒ |∂L/∂log π_t| ∈ {0, c·x/n}, c ∈ {1/4, 1/2, 1, 2}, x ∈ {1, p, 1/p}",
        1e-6,
        "the denominator may have a constant that keeps it from 0",
        role ->
            role.role() == Role.PREFERENCE_PAIR
                && role.carriers().size() == 1
                && role.read().contains(Columns.LOG_PI)
                && !hasMargin(role),
        SizeLaws::pair,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> pair(Isolated part, Trial trial, double tolerance) {
    Trial one = StepLaws.onePolicy(PartLaws.usual(part, trial));
    Trial usual =
        part.presumed().others().contains(Columns.REFERENCE_LOG_PROB)
            ? one
            : PartLaws.changed(one, Columns.LOG_PROB, x -> 0);
    double[] slope = part.slope(Columns.LOG_PROB, usual);
    Set<Integer> none = HashSet.rangeClosed(0, slope.length - 1);
    for (double size : sizes(part.presumed())) {
      double[] step = Arrays.stream(slope).map(x -> -Math.abs(x) / size).toArray();
      none =
          none.intersect(
              HashSet.ofAll(new Denominators(usual.samples(), step).noneOfPrompts(tolerance)));
    }
    return none.toList()
        .sorted()
        .map(
            t ->
                PartLaws.at(
                    part,
                    "where neither response is preferred, d/dlog_prob",
                    t,
                    slope[t]
                        + ", none of these in size; a number that is meant for beta stands inside"
                        + " of the function"));
  }

  private static Seq<Double> sizes(PresumedRole role) {
    Seq<Node> inside = Graph.below(links(role).map(link -> link.children().head()));
    Seq<Double> parameters =
        Graph.parameters(List.of(role.whole())).map(value -> value.range().initial());
    Seq<Double> numbers =
        Graph.only(Node.Constant.class, inside).map(Node.Constant::value).appendAll(parameters);
    Seq<Double> products =
        parameters.toList().combinations(2).map(both -> both.product().doubleValue());
    Seq<Double> scales =
        numbers
            .map(Math::abs)
            .filter(x -> x > 0)
            .flatMap(x -> List.of(x, 1 / x))
            .appendAll(products)
            .append(1.0);
    return links(role).flatMap(SizeLaws::ofLink).flatMap(c -> scales.map(x -> c * x)).distinct();
  }

  /** The slope of a link where neither response is preferred; of a square, over a target. */
  private static Seq<Double> ofLink(Node link) {
    return link instanceof Node.Unary unary
        ? switch (unary.op()) {
          case SQUARE -> List.of(1.0, 2.0);
          case SIGMOID -> List.of(0.25);
          default -> List.of(0.5);
        }
        : List.of(1.0);
  }

  /** The functions that make a loss of the difference between the two sides. */
  private static Seq<Node> links(PresumedRole role) {
    return Graph.below(List.of(role.whole())).filter(SizeLaws::isLink);
  }

  private static boolean isLink(Node node) {
    return node.live()
        && ((node instanceof Node.Unary unary && (LINKS.contains(unary.op()) || isLogistic(unary)))
            || (node instanceof Node.Binary hinge && hinge.op() == BinaryOp.MAX));
  }

  /** log(1 + e^x), or log σ(x) in two steps. */
  private static boolean isLogistic(Node.Unary log) {
    return log.of() instanceof Node.Unary inner
        && ((log.op() == UnaryOp.LOG1P && inner.op() == UnaryOp.EXP)
            || (log.op() == UnaryOp.LOG && inner.op() == UnaryOp.SIGMOID));
  }

  /** Whether a logistic loss is of a difference that something else is taken from. */
  private static boolean hasMargin(PresumedRole role) {
    return links(role)
        .filter(link -> link instanceof Node.Unary unary && unary.op() != UnaryOp.SQUARE)
        .flatMap(link -> Graph.below(link.children()))
        .exists(SizeLaws::isMargin);
  }

  private static boolean isMargin(Node node) {
    return node instanceof Node.Binary sum
        && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
        && sum.left().live() != sum.right().live()
        && Graph.only(
                Node.Input.class,
                Graph.below(List.of(sum.left().live() ? sum.right() : sum.left())))
            .forAll(input -> !Columns.LOG_PROBS.contains(input.name()));
  }
}
