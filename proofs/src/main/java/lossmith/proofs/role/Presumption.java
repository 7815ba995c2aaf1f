package lossmith.proofs.role;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Derives the roles of the parts of a loss. Each summand is read for itself; what carries its
 * gradient and what multiplies it decides.
 */
public final class Presumption {
  private static final Set<UnaryOp> SQUASHING =
      HashSet.of(UnaryOp.SIGMOID, UnaryOp.LOG_SIGMOID, UnaryOp.SOFTPLUS);

  private Presumption() {}

  /** {@return a reading for each role of each part, in the order of the parts} */
  public static Seq<PresumedRole> of(Loss loss) {
    HashConsing sharing = new HashConsing();
    Map<String, Node> parts = loss.parts().mapValues(part -> sharing.of(part.node()));
    Map<String, Seq<Read>> all =
        parts.mapValues(part -> inOnePart(Addends.of(part).map(one -> new Read(one, role(one)))));
    boolean beside = all.values().exists(reads -> reads.exists(Presumption::isNoDistillation));
    return List.ofAll(parts)
        .flatMap(
            part -> {
              Seq<Read> reads =
                  all.get(part._1).get().map(one -> beside ? one.besideOthers() : one);
              return reads
                  .map(Read::role)
                  .distinct()
                  .map(role -> reading(part._1, part._2, role, reads));
            });
  }

  private static boolean isNoDistillation(Read read) {
    return read.role != Role.DISTILLATION;
  }

  private static PresumedRole reading(String part, Node whole, Role role, Seq<Read> reads) {
    var both = reads.partition(read -> read.role == role);
    return PresumedRole.of(
        part, whole, role, both._1.map(Read::summand), both._2.map(Read::summand));
  }

  /** A summand and its role. */
  private record Read(Addend summand, Role role) {
    Read as(Role other) {
      return new Read(summand, other);
    }

    /** A divergence with a coefficient is a penalty where it is not alone. */
    Read besideOthers() {
      return role == Role.DISTILLATION && scaled(summand) ? as(Role.REGULARISER) : this;
    }
  }

  /** What is log π times a target, less a function of all log π, is one regression. */
  private static Seq<Read> inOnePart(Seq<Read> reads) {
    if (reads.exists(read -> read.role == Role.DISTILLATION && isHalf(read.summand))) {
      return reads.map(read -> read.role == Role.ENTROPY_BONUS ? read.as(Role.DISTILLATION) : read);
    }
    return reads.exists(read -> read.role == Role.REWARD_REGRESSION)
        ? reads.map(read -> read.role.policyGradient() ? read.as(Role.REWARD_REGRESSION) : read)
        : reads;
  }

  /**
   * An expectation that is no divergence by itself, of one logarithm under what has a gradient: a
   * divergence of it and of an entropy beside it is written in two summands, E_π[log π] and
   * −E_π[log π_ref].
   */
  private static boolean isHalf(Addend summand) {
    return Graph.only(Node.Binary.class, below(summand.carriers()))
        .exists(
            product ->
                product.op() == BinaryOp.PROB_TIMES
                    && product.left().live()
                    && !below(List.of(product.right()))
                        .exists(
                            node ->
                                node instanceof Node.Binary difference
                                    && difference.op() == BinaryOp.MINUS));
  }

  private static boolean scaled(Addend summand) {
    return summand
        .factors()
        .flatMap(Multiplier::of)
        .filter(factor -> factor.kind() == Multiplier.Kind.COEFFICIENT)
        .exists(
            factor ->
                Graph.below(List.of(factor.node()), Node::children)
                    .exists(
                        node ->
                            node instanceof Node.ParameterValue
                                || node instanceof Node.Input
                                || node instanceof Node.Constant));
  }

  private static Role role(Addend summand) {
    Seq<Node> live =
        Graph.down(
                summand.carriers(),
                node ->
                    node instanceof Node.Gather || !node.live() ? List.empty() : node.children())
            .filter(Node::live);
    Seq<Node.Input> inputs = Graph.only(Node.Input.class, live);
    Set<String> trained = inputs.map(Node.Input::name).toSet();
    Set<String> read = Multiplier.columns(summand.carriers());
    if (inputs.nonEmpty() && inputs.forAll(Presumption::isOfTheBatch)) {
      return Role.MULTIPLIER;
    }
    if (trained.contains(Columns.VALUE)) {
      return live.exists(Node.Gather.class::isInstance)
          ? Role.UNKNOWN
          : read.contains(Columns.SIGN) ? Role.PREFERENCE_PAIR : Role.VALUE_REGRESSION;
    }
    if (trained.contains(Columns.LOG_PI)) {
      return overVocabulary(summand.carriers(), live, read);
    }
    if (!live.exists(Node.Gather.class::isInstance)) {
      return read.contains(Columns.SIGN) ? Role.PREFERENCE_PAIR : Role.UNKNOWN;
    }
    return summand.carriers().forAll(Node.Gather.class::isInstance)
        ? ofLogProb(summand)
        : bent(summand, live, read);
  }

  /** Not the policy and not a head of the network, but a number trained beside them. */
  private static boolean isOfTheBatch(Node.Input input) {
    return input.level() == Level.Name.BATCH;
  }

  private static Role overVocabulary(Seq<Node> carriers, Seq<Node> live, Set<String> read) {
    if (read.removeAll(Multiplier.POLICIES).nonEmpty()) {
      return Role.UNKNOWN;
    }
    if (read.contains(Columns.REFERENCE_LOG_PI)) {
      return Role.DISTILLATION;
    }
    return live.exists(Presumption::weighsItself) && !below(carriers).exists(Presumption::orders)
        ? Role.ENTROPY_BONUS
        : Role.UNKNOWN;
  }

  private static Seq<Node> below(Seq<Node> nodes) {
    return Graph.below(nodes, Node::children);
  }

  /** What is only some entries of a row, by their order. */
  private static boolean orders(Node node) {
    return node instanceof Node.Rank
        || node instanceof Node.Quantile
        || node instanceof Node.SumByKey
        || node instanceof Node.Permute;
  }

  /** π log π. */
  private static boolean weighsItself(Node node) {
    return node instanceof Node.Binary binary
        && binary.left().live()
        && binary.right().live()
        && (binary.op() == BinaryOp.PROB_TIMES || binary.op() == BinaryOp.TIMES);
  }

  /** log π of what was sampled, as it is. */
  private static Role ofLogProb(Addend summand) {
    Seq<Multiplier> factors = summand.factors().flatMap(Multiplier::of);
    if (worth(factors)) {
      return factors.exists(factor -> factor.kind() == Multiplier.Kind.WEIGHT)
          ? Role.IMPORTANCE_WEIGHTED
          : Role.REINFORCE;
    }
    boolean apart = Multiplier.columns(summand.offsets()).exists(Multiplier.POLICIES::contains);
    return apart ? Role.REGULARISER : Role.IMITATION;
  }

  /** Whether a factor says what a token was worth; the sign of a pair alone selects. */
  private static boolean worth(Seq<Multiplier> factors) {
    return factors
        .filter(factor -> factor.kind() == Multiplier.Kind.ADVANTAGE)
        .exists(
            factor -> Multiplier.columns(List.of(factor.node())).remove(Columns.SIGN).nonEmpty());
  }

  /** A function of log π that is not linear. */
  private static Role bent(Addend summand, Seq<Node> live, Set<String> read) {
    boolean worth = worth(summand.factors().flatMap(Multiplier::of));
    Set<String> data = read.removeAll(Multiplier.POLICIES).removeAll(Multiplier.PLACES);
    boolean ratio = live.exists(node -> is(node, UnaryOp.EXP));
    Seq<Node> carriers = summand.carriers();
    if (read.contains(Columns.SIGN) || (data.nonEmpty() && compares(carriers, live))) {
      return Role.PREFERENCE_PAIR;
    }
    if (worth && carriers.forAll(node -> is(node, UnaryOp.LOG))) {
      return Role.REWARD_REGRESSION;
    }
    if (ratio && worth) {
      return Role.POLICY_SURROGATE;
    }
    if (!ratio && carriers.forAll(node -> squashes(node) && node.level() != Level.Name.BATCH)) {
      return Role.UNPAIRED_PREFERENCE;
    }
    if ((worth || data.nonEmpty()) && carriers.forAll(node -> is(node, UnaryOp.SQUARE))) {
      return Role.REWARD_REGRESSION;
    }
    Set<String> others = read.addAll(Multiplier.columns(summand.offsets()));
    boolean reference = others.contains(Columns.REFERENCE_LOG_PROB);
    boolean sampler =
        others.contains(Columns.OLD_LOG_PROB) || others.contains(Columns.ROLLOUT_LOG_PROB);
    if (ratio && !reference && (sampler || below(carriers).exists(Presumption::isHeldPolicy))) {
      return Role.POLICY_SURROGATE;
    }
    return reference || sampler ? Role.REGULARISER : Role.UNKNOWN;
  }

  /** The policy itself, as another one that has its value. */
  private static boolean isHeldPolicy(Node node) {
    return node instanceof Node.StopGradient held
        && Multiplier.columns(List.of(held)).contains(Columns.LOG_PI);
  }

  /** Whether responses to one prompt are set against each other. */
  private static boolean compares(Seq<Node> carriers, Seq<Node> live) {
    return carriers.forAll(node -> node.level() == Level.Name.GROUP)
        && live.exists(
            node ->
                node instanceof Node.Reduce reduce
                    && reduce.op() == ReduceOp.SUM
                    && reduce.to() == Level.Name.GROUP);
  }

  private static boolean is(Node node, UnaryOp op) {
    return node instanceof Node.Unary unary && unary.op() == op;
  }

  private static boolean squashes(Node node) {
    return (node instanceof Node.Unary unary && SQUASHING.contains(unary.op()))
        || (node instanceof Node.Binary binary && binary.op() == BinaryOp.MAX);
  }
}
