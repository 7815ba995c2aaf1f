package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What is made of whole distributions over the vocabulary. */
final class DistributionLaws {
  /** How far a mixture is moved. */
  private static final double MOVE = 1e-4;

  private DistributionLaws() {}

  /**
   * Σ_v p(v) f(v) is an expectation; divided by the size of the vocabulary, as PyTorch's {@code
   * kl_div(reduction="mean")} does, it is some hundred thousand times too small.
   */
  static PartLaws.Presumed summed() {
    return PartLaws.law(
        "vocabulary-sum",
        "what is weighed by the probability of each entry is summed over the vocabulary: a mean"
            + " over the entries divides it by their number once more",
        "E_p[f] = Σ_v p(v)·f(v), not (1/|V|) Σ_v p(v)·f(v)",
        0,
        "structure, nothing is rounded",
        role -> expectations(role).nonEmpty(),
        (part, trial, tolerance) ->
            expectations(part.presumed())
                .filter(sum -> sum.op() == ReduceOp.MEAN)
                .take(1)
                .map(
                    mean ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": averaged over the vocabulary instead of summed is "
                                + PartLaws.text(mean.of()))),
        Trial.Kind.ORDINARY);
  }

  /** Sums and means over the vocabulary of what probabilities weigh. */
  private static Seq<Node.Reduce> expectations(PresumedRole role) {
    return Graph.only(Node.Reduce.class, Graph.below(List.of(role.whole())))
        .filter(
            sum ->
                sum.of().level() == Level.Name.VOCABULARY
                    && (sum.op() == ReduceOp.SUM || sum.op() == ReduceOp.MEAN)
                    && Graph.down(List.of(sum.of()), DistributionLaws::factors)
                        .exists(DistributionLaws::isProbability));
  }

  private static Seq<Node> factors(Node node) {
    boolean through =
        node instanceof Node.Named
            || node instanceof Node.StopGradient
            || (node instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE)
            || (node instanceof Node.Binary binary
                && (binary.op() == BinaryOp.TIMES
                    || binary.op() == BinaryOp.PLUS
                    || binary.op() == BinaryOp.MINUS));
    return through ? node.children() : List.empty();
  }

  private static boolean isProbability(Node node) {
    return (node instanceof Node.Binary product && product.op() == BinaryOp.PROB_TIMES)
        || (node instanceof Node.Unary exp
            && exp.op() == UnaryOp.EXP
            && node.level() == Level.Name.VOCABULARY);
  }

  /** Log-probabilities over a temperature T ≠ 1 are none until they are normalised again. */
  static PartLaws.Presumed normalised() {
    return PartLaws.law(
        "probabilities-sum",
        "what weighs the entries of a whole vocabulary adds up to 1, and so does a mixture that"
            + " distributions are compared with: log-probabilities that are scaled, as by a"
            + " temperature, are normalised again, and probabilities are mixed, not their"
            + " logarithms",
        "Σ_v exp(log p(v)) = 1; softmax(z/T), not softmax(z)^(1/T); log(w·p + (1 − w)·q), not"
            + " w·log p + (1 − w)·log q",
        1e-6,
        "a sum over the vocabulary",
        role -> weighed(role.whole()).nonEmpty(),
        (part, trial, tolerance) -> {
          Trial usual = PartLaws.usual(part, trial);
          int vocabulary = usual.samples().vocabulary();
          Reference known = new Reference(usual.samples(), usual.parameters());
          return powers(part.valueAtLogits())
              .flatMap(
                  log -> {
                    double[] all = known.of(log);
                    double sum = 0;
                    for (int v = 0; v < Math.min(vocabulary, all.length); v++) {
                      sum += Math.exp(all[v]);
                    }
                    return all.length == 0 || Math.abs(sum - 1) <= tolerance
                        ? List.<Violation>empty()
                        : List.of(
                            new Violation.Fact(
                                part.presumed().part()
                                    + ": the probabilities of all entries add up to "
                                    + sum
                                    + "; their logarithm is "
                                    + PartLaws.text(log)));
                  })
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  /** What is scaled and then taken for the logarithm of probabilities of all entries. */
  private static Seq<Node> powers(Node whole) {
    return weighed(whole).flatMap(DistributionLaws::scaled).distinct();
  }

  /** What is summed up over a whole vocabulary, weighed by probabilities. */
  private static Seq<Node.Binary> weighed(Node whole) {
    return Graph.only(
        Node.Binary.class,
        Graph.only(Node.Reduce.class, Graph.below(List.of(whole)))
            .filter(sum -> sum.of().level() == Level.Name.VOCABULARY && sum.where().isEmpty())
            .flatMap(sum -> Graph.down(List.of(sum.of()), DistributionLaws::factors))
            .filter(
                node ->
                    node instanceof Node.Binary product && product.op() == BinaryOp.PROB_TIMES));
  }

  /** The logarithm of what weighs, and of a mixture from which that is apart. */
  private static Seq<Node> scaled(Node.Binary weighed) {
    Seq<Node> mixtures =
        PresumedRole.plain(weighed.right()) instanceof Node.Binary difference
                && difference.op() == BinaryOp.MINUS
            ? List.of(difference.right()).filter(DistributionLaws::isMixed)
            : List.empty();
    return List.of(weighed.left()).filter(DistributionLaws::isScaled).appendAll(mixtures);
  }

  /** A sum of two log-probabilities of each entry with weights, before the sum or over it. */
  private static boolean isMixed(Node log) {
    if (!(PresumedRole.plain(log) instanceof Node.Binary mixed)) {
      return false;
    }
    return isOfTwo(mixed)
        ? mixed.children().forAll(DistributionLaws::isScaled)
        : isScaled(mixed)
            && mixed.children().map(PresumedRole::plain).exists(DistributionLaws::isOfTwo);
  }

  private static boolean isOfTwo(Node node) {
    return node instanceof Node.Binary sum
        && sum.op() == BinaryOp.PLUS
        && sum.children()
            .forAll(
                side ->
                    side.level() == Level.Name.VOCABULARY
                        && !Graph.only(Node.Input.class, Graph.below(List.of(side))).isEmpty());
  }

  private static boolean isScaled(Node log) {
    return PresumedRole.plain(log) instanceof Node.Binary scaled
        && (scaled.op() == BinaryOp.TIMES || scaled.op() == BinaryOp.DIVIDE);
  }

  /**
   * w KL(p ‖ m) + (1 − w) KL(q ‖ m) is least in m at m = w p + (1 − w) q, the only mixture with
   * which it is the Jensen–Shannon divergence (Lin, Divergence Measures Based on the Shannon
   * Entropy, 1991).
   */
  static PartLaws.Presumed mixture() {
    return PartLaws.law(
        "mixture-weights",
        "where two distributions are compared with one mixture of both, the mixture has the weights"
            + " of the two comparisons: no other one is nearer to both",
        "D = w·KL(p ‖ m) + (1 − w)·KL(q ‖ m) ⇒ m = w·p + (1 − w)·q",
        1e-6,
        "the third order of a step of 1e-4",
        role -> mixtures(role.whole()).nonEmpty(),
        (part, trial, tolerance) -> mixed(part, PartLaws.usual(part, trial), tolerance),
        Trial.Kind.ORDINARY);
  }

  /** Mixtures of two distributions with which both are compared. */
  private static Seq<Node> mixtures(Node whole) {
    Seq<Node.Binary> all = Graph.only(Node.Binary.class, Graph.below(List.of(whole)));
    return List.narrow(
        all.filter(mixture -> mixture.op() == BinaryOp.LOG_ADD_EXP)
            .filter(
                mixture ->
                    all.filter(difference -> isLess(difference, mixture))
                            .map(difference -> PresumedRole.plain(difference.left()))
                            .distinct()
                            .size()
                        == 2)
            .toList());
  }

  private static boolean isLess(Node.Binary difference, Node mixture) {
    return difference.op() == BinaryOp.MINUS
        && PresumedRole.plain(difference.right()).equals(mixture);
  }

  /** To first order the divergence does not change with the mixture. */
  private static Seq<Violation> mixed(Isolated part, Trial trial, double tolerance) {
    Node whole = part.valueAtLogits();
    Samples samples = trial.samples();
    return mixtures(whole)
        .filter(mixture -> mixture.level() == Level.Name.VOCABULARY && samples.tokens() > 0)
        .flatMap(
            mixture -> {
              double[] log = new Reference(samples, trial.parameters()).of(mixture);
              double[] tilt = tilt(log, samples.vocabulary());
              DoubleUnaryOperator moved =
                  step -> {
                    double[] other = new double[log.length];
                    Arrays.setAll(other, v -> log[v] + step * tilt[v]);
                    return value(whole, mixture, other, trial);
                  };
              double[] more = Arrays.stream(log).map(x -> x + 1).toArray();
              double size =
                  Math.abs(value(whole, mixture, more, trial) - value(whole, mixture, log, trial));
              double slope = (moved.applyAsDouble(MOVE) - moved.applyAsDouble(-MOVE)) / (2 * MOVE);
              return Math.abs(slope) <= tolerance * size
                  ? List.<Violation>empty()
                  : List.of(
                      new Violation.Fact(
                          part.presumed().part()
                              + ": the weights in the mixture are not those before the two"
                              + " divergences from it; mixed is "
                              + PartLaws.text(mixture)));
            });
  }

  private static double value(Node whole, Node mixture, double[] numbers, Trial trial) {
    return new Reference(trial.samples(), trial.parameters()).given(mixture, numbers).number(whole);
  }

  /** A direction that keeps the mixture a distribution: its mean under it is 0, per token. */
  private static double[] tilt(double[] log, int vocabulary) {
    double[] found = new double[log.length];
    for (int row = 0; row < log.length; row += vocabulary) {
      double mean = 0;
      for (int v = row; v < row + vocabulary; v++) {
        mean += Math.exp(log[v]) * Math.cos(v);
      }
      for (int v = row; v < row + vocabulary; v++) {
        found[v] = Math.cos(v) - mean;
      }
    }
    return found;
  }
}
