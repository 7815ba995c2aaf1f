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
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a part is multiplied by, divided by and added up from, read off its terms. */
final class FactorLaws {
  /** A fixed number beyond this is no weight of an average. */
  private static final double MOST = 100;

  /** No longest response is as short. */
  private static final double SHORT = 16;

  private FactorLaws() {}

  static PartLaws.Presumed fixed() {
    return PartLaws.law(
        "fixed-factor",
        "what weighs a part against others is a parameter or a number near 1: no fixed number of"
            + " more than 100, or less than a hundredth, scales all of it",
        "L_i = c·x, c fixed ⇒ 1/100 ≤ |c| ≤ 100",
        0,
        "structure, nothing is rounded",
        role -> !fixed(role).isEmpty(),
        (part, trial, tolerance) ->
            fixed(part.presumed())
                .filter(c -> !lengths(part.presumed()).contains(c))
                .filter(c -> Math.abs(c) > MOST || (c != 0 && Math.abs(c) < 1 / MOST))
                .map(c -> new Violation.Fact(part.presumed().part() + " is multiplied by " + c)),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Double> fixed(PresumedRole role) {
    return Graph.only(Node.Constant.class, role.coefficients().map(PresumedRole::plain))
        .map(Node.Constant::value)
        .filter(Double::isFinite);
  }

  /**
   * {@return the fixed numbers by which a sum over the tokens of each response may be divided, or
   * one over them: the longest response (Dr. GRPO divides by it, whatever the lengths)}
   */
  static Seq<Double> lengths(PresumedRole role) {
    boolean sums =
        Graph.only(Node.Reduce.class, Graph.below(List.of(role.whole())))
            .exists(
                sum ->
                    sum.live()
                        && sum.op() == ReduceOp.SUM
                        && sum.of().level() == Level.Name.TOKEN
                        && role.carriers().forAll(one -> one.level() == Level.Name.TOKEN));
    return sums
        ? fixed(role).filter(FactorLaws::isLength).reject(number -> multiplies(role, number))
        : List.empty();
  }

  /** Whether a sum is multiplied by a number above 1, which no length is. */
  private static boolean multiplies(PresumedRole role, double number) {
    return number > 1
        && Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
            .filter(product -> product.live() && product.op() == BinaryOp.TIMES)
            .flatMap(Node.Binary::children)
            .map(PresumedRole::plain)
            .exists(node -> node instanceof Node.Constant one && one.value() == number);
  }

  /** {@return whether each step is right but for such a number} */
  static boolean isOverALength(Isolated part, Trial trial, double[] slope, double tolerance) {
    return lengths(part.presumed())
        .map(number -> Math.max(number, 1 / number))
        .map(n -> Arrays.stream(slope).map(x -> n * x).toArray())
        .exists(steps -> new Denominators(trial.samples(), steps).none(tolerance).length == 0);
  }

  /** {@return whether a likelihood has a fixed share of a loss, and is right but for that} */
  static boolean isAShare(Isolated part, Trial trial, double[] slope, double tolerance) {
    return part.presumed().role() == Role.IMITATION
        && fixed(part.presumed())
            .map(Math::abs)
            .filter(share -> share > 0 && share < 1)
            .map(share -> Arrays.stream(slope).map(x -> x / share).toArray())
            .exists(steps -> new Denominators(trial.samples(), steps).none(tolerance).length == 0);
  }

  private static boolean isLength(double number) {
    double n = Math.max(number, 1 / number);
    return n >= SHORT && Math.abs(n - Math.rint(n)) < 1e-9 * n;
  }

  static PartLaws.Presumed held() {
    return PartLaws.law(
        "dead-summand",
        "a summand of a loss trains something: one that is held, or made of parameters and rewards"
            + " alone, adds nothing to the gradient, unless it takes the value of another summand"
            + " out",
        "L_i = x + sg(y(π)) or x + y(β, R), y made of what x is not",
        0,
        "structure, nothing is rounded",
        role -> true,
        (part, trial, tolerance) ->
            summands(part.presumed().whole())
                .map(
                    held ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": no gradient reaches the policy from the summand "
                                + PartLaws.text(held))),
        Trial.Kind.ORDINARY);
  }

  /** Held summands of what is linear from the part down. */
  private static Seq<Node> summands(Node whole) {
    Seq<Node.Binary> sums =
        Graph.only(Node.Binary.class, Graph.down(List.of(whole), FactorLaws::linear))
            .filter(
                sum ->
                    (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
                        && sum.left().live() != sum.right().live());
    return sums.exists(FactorLaws::replaces)
        ? List.empty()
        : sums.filter(
                sum -> isHeldPolicy(held(sum)) || (isApart(whole, sum) && isOfNone(held(sum))))
            .map(FactorLaws::held);
  }

  private static boolean isHeldPolicy(Node held) {
    return Graph.below(List.of(held))
        .exists(node -> node instanceof Node.StopGradient stop && readsPolicy(stop));
  }

  /** Whether nothing that trains multiplies a sum. */
  private static boolean isApart(Node whole, Node sum) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(whole)))
        .filter(product -> product.op() == BinaryOp.TIMES || product.op() == BinaryOp.DIVIDE)
        .forAll(
            product ->
                !(product.left().live() && product.right().live())
                    || !Graph.below(List.of(product)).contains(sum));
  }

  /** Whether a term is made of parameters, rewards and margins, and of no policy and no value. */
  private static boolean isOfNone(Node held) {
    Seq<Node> below = Graph.below(List.of(held));
    Seq<String> read = Graph.only(Node.Input.class, below).map(Node.Input::name);
    return (read.nonEmpty() || below.exists(Node.ParameterValue.class::isInstance))
        && read.forAll(name -> name.contains(Columns.REWARD) || name.contains("margin"));
  }

  private static Node live(Node.Binary sum) {
    return sum.left().live() ? sum.left() : sum.right();
  }

  private static Node held(Node.Binary sum) {
    return sum.left().live() ? sum.right() : sum.left();
  }

  private static Seq<Node> linear(Node node) {
    if (!node.live()) {
      return List.empty();
    }
    boolean through =
        node instanceof Node.Named
            || node instanceof Node.Broadcast
            || (node instanceof Node.Reduce reduce
                && (reduce.op() == ReduceOp.SUM || reduce.op() == ReduceOp.MEAN))
            || (node instanceof Node.Unary unary && unary.op() == UnaryOp.NEGATE)
            || (node instanceof Node.Binary binary
                && HashSet.of(BinaryOp.PLUS, BinaryOp.MINUS, BinaryOp.TIMES, BinaryOp.DIVIDE)
                    .contains(binary.op()));
    return through ? node.children().filter(Node::live) : List.empty();
  }

  private static boolean readsPolicy(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node)))
        .exists(input -> input.name().equals(Columns.LOG_PI));
  }

  /** Whether what is held takes the other summand out, as in x − sg(x). */
  private static boolean replaces(Node.Binary sum) {
    Node live = PresumedRole.plain(live(sum));
    return Graph.below(List.of(held(sum))).exists(node -> PresumedRole.plain(node).equals(live));
  }

  static PartLaws.Presumed guarded() {
    return PartLaws.law(
        "divisor-guard",
        "a number that keeps a divisor away from 0 bounds it from below: a count is not cut down"
            + " to it",
        "x / max(n, 1)",
        0,
        "structure, nothing is rounded",
        role -> !guards(role).isEmpty(),
        (part, trial, tolerance) ->
            guards(part.presumed())
                .filter(bound -> bound.op() == BinaryOp.MIN)
                .map(
                    bound ->
                        new Violation.Fact(
                            part.presumed().part() + " is divided by " + PartLaws.text(bound))),
        Trial.Kind.ORDINARY);
  }

  /** The larger or the smaller of a detached number and a constant of at most 1, as divisors. */
  private static Seq<Node.Binary> guards(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(quotient -> quotient.op() == BinaryOp.DIVIDE)
        .map(quotient -> PresumedRole.plain(quotient.right()))
        .filter(Node.Binary.class::isInstance)
        .map(Node.Binary.class::cast)
        .filter(
            bound ->
                !bound.live()
                    && (bound.op() == BinaryOp.MIN || bound.op() == BinaryOp.MAX)
                    && List.of(bound.left(), bound.right()).exists(FactorLaws::isSmall));
  }

  static PartLaws.Presumed once() {
    return PartLaws.law(
        "coefficient-once",
        "a parameter scales what it scales once: no product has it as a factor of both sides",
        "β·x ⇒ x ≠ β·y",
        0,
        "structure, nothing is rounded",
        role -> products(role).exists(product -> !factors(product).isEmpty()),
        (part, trial, tolerance) ->
            products(part.presumed())
                .flatMap(product -> factors(product.left()).intersect(factors(product.right())))
                .distinct()
                .map(
                    name ->
                        new Violation.Fact(part.presumed().part() + " is scaled twice by " + name)),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.Binary> products(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(product -> product.op() == BinaryOp.TIMES);
  }

  /** The parameters that a term is proportional to. */
  private static Set<String> factors(Node node) {
    if (node instanceof Node.ParameterValue parameter) {
      return HashSet.of(parameter.name());
    }
    if (node instanceof Node.Binary binary) {
      return switch (binary.op()) {
        case TIMES -> factors(binary.left()).union(factors(binary.right()));
        case DIVIDE -> factors(binary.left());
        default -> HashSet.empty();
      };
    }
    boolean keeps =
        node instanceof Node.Named
            || node instanceof Node.Broadcast
            || (node instanceof Node.Unary unary && unary.op() == UnaryOp.NEGATE)
            || (node instanceof Node.Reduce reduce
                && (reduce.op() == ReduceOp.SUM || reduce.op() == ReduceOp.MEAN));
    return keeps ? factors(node.children().head()) : HashSet.empty();
  }

  private static boolean isSmall(Node node) {
    return PresumedRole.plain(node) instanceof Node.Constant c && Math.abs(c.value()) <= 1;
  }
}
