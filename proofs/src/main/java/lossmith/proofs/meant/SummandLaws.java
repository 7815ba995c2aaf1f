package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * Summands that belong together: with fixed weights of one function, or of a label and its turn.
 */
final class SummandLaws {
  private SummandLaws() {}

  static PartLaws.Presumed twice() {
    return PartLaws.law(
        "summand-twice",
        "the summands of a loss are different functions of the policy: one that is added twice,"
            + " with two coefficients, stands for another",
        "L = a·f + b·g ⇒ f ≠ g",
        0,
        "structure, nothing is rounded",
        role -> true,
        (part, trial, tolerance) ->
            sums(part)
                .filter(sum -> same(sum.left(), sum.right()))
                .take(1)
                .map(
                    sum ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": both summands are the same but for a coefficient: "
                                + PartLaws.text(core(sum.left())))),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.Binary> sums(Isolated part) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(part.presumed().whole())))
        .filter(
            sum ->
                (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
                    && sum.left().live()
                    && sum.right().live());
  }

  private static boolean same(Node left, Node right) {
    return core(left).equals(core(right));
  }

  /** What a coefficient scales. */
  private static Node core(Node node) {
    Node plain = PresumedRole.plain(node);
    if (plain instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE) {
      return core(minus.of());
    }
    if (plain instanceof Node.Binary product && product.op() == BinaryOp.TIMES) {
      return isCoefficient(product.left())
          ? core(product.right())
          : isCoefficient(product.right()) ? core(product.left()) : plain;
    }
    return plain instanceof Node.Binary quotient
            && quotient.op() == BinaryOp.DIVIDE
            && isCoefficient(quotient.right())
        ? core(quotient.left())
        : plain;
  }

  private static boolean isCoefficient(Node node) {
    return Graph.below(List.of(node))
        .forAll(
            one ->
                one instanceof Node.Constant
                    || one instanceof Node.ParameterValue
                    || one instanceof Node.Broadcast
                    || one instanceof Node.Named
                    || one instanceof Node.Binary
                    || (one instanceof Node.Unary unary && unary.op() == UnaryOp.NEGATE));
  }

  /**
   * A label that is wrong with probability ε: −(1 − ε) log σ(x) − ε log σ(−x) (conservative DPO),
   * or without bias (−(1 − ε) log σ(x) + ε log σ(−x))/(1 − 2ε) (Provably Robust DPO, eq 12).
   */
  static PartLaws.Presumed labels() {
    return PartLaws.law(
        "label-weights",
        "the weights of a label and of the opposite label add up to 1",
        "−w·log σ(x) − w′·log σ(−x) ⇒ w + w′ = 1",
        1e-9,
        "a sum of two numbers",
        role -> sums(role).nonEmpty(),
        (part, trial, tolerance) -> {
          Trial usual = PartLaws.usual(part, trial);
          return sums(part.presumed())
              .flatMap(
                  sum -> {
                    double w = weights(sum, usual);
                    return Math.abs(Math.abs(w) - 1) <= tolerance
                        ? List.<Violation>empty()
                        : List.of(
                            new Violation.Fact(
                                part.presumed().part()
                                    + ": the weights of the label and of its opposite add up to "
                                    + Math.abs(w)
                                    + ": "
                                    + PartLaws.text(sum)));
                  })
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  /** Sums of the logarithm of the sigmoid of a number and of its negative, each with a weight. */
  private static Seq<Node.Binary> sums(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(
            sum ->
                sum.op() == BinaryOp.PLUS
                    && (isWeighed(sum.left()) || isWeighed(sum.right()))
                    && asked(sum.left()).exists(x -> asked(sum.right()).exists(y -> turned(x, y))));
  }

  private static boolean isWeighed(Node node) {
    return !core(node).equals(PresumedRole.plain(node));
  }

  private static Option<Node> asked(Node node) {
    return core(node) instanceof Node.Unary log && log.op() == UnaryOp.LOG_SIGMOID
        ? Option.some(PresumedRole.plain(log.of()))
        : Option.none();
  }

  private static boolean turned(Node x, Node y) {
    return isNegated(x, y) || isNegated(y, x);
  }

  private static boolean isNegated(Node x, Node y) {
    return y instanceof Node.Unary minus
        && minus.op() == UnaryOp.NEGATE
        && PresumedRole.plain(minus.of()).equals(x);
  }

  /** The sum of both weights: what is left where each of the two functions is 1. */
  private static double weights(Node.Binary sum, Trial trial) {
    Reference known = new Reference(trial.samples(), trial.parameters());
    int size = trial.samples().size(sum.level());
    double[] ones = new double[size];
    java.util.Arrays.fill(ones, 1);
    double[] both = known.given(core(sum.left()), ones).given(core(sum.right()), ones).of(sum);
    return both.length == 0 ? 1 : both[0];
  }
}
