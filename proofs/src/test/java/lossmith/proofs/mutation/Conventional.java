package lossmith.proofs.mutation;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Subject;

/**
 * Mistakes that are what another named objective does on purpose, so that no law of a kind can tell
 * them from right ones. Each is named with who does it.
 */
final class Conventional {
  private static final Set<String> WORTH =
      HashSet.of(Columns.REWARD, Columns.TOKEN_REWARD, Columns.VALUE, Columns.SIGN, "advantage");

  private Conventional() {}

  /**
   * Whether a mutant is one of them, a std of n or of n − 1, or one mean over tokens for another,
   * which all trainers differ in.
   */
  static boolean ofMutant(Mutant mutant) {
    return switch (mutant.change()) {
      case "std over n ↔ n − 1", "mean over all → mean of means", "mean of means → mean over all" ->
          true;
      case "sum → mean", "mean → sum" ->
          isMeanOfTokens(mutant) || isLogRatioOfAResponse(mutant.site());
      case "first operand dropped", "second operand dropped" ->
          isStandardised(mutant.site())
              || (isPreference(mutant) && isFromReference(mutant.site()))
              || isUnclipped(mutant)
              || isHalved(mutant.site());
      case "lower bound dropped" -> isHeld(mutant);
      case "upper bound dropped" -> isHeldRatio(mutant.site());
      case "clip dropped" ->
          isRatio(mutant.site())
              || isHeldRatio(mutant.site())
              || isOfValue(mutant.site())
              || isOfLogRatio(mutant.site());
      case "always the first branch" -> isTapered(mutant.site());
      case "mask dropped" -> leavesOutMasked(mutant.site()) || leavesOutEqual(mutant.site());
      default -> false;
    };
  }

  /** Whether log π of what was sampled is raised whatever it was worth, as in fine-tuning. */
  static boolean isImitation(Subject subject) {
    Seq<PresumedRole> roles = subject.presumed().map(Isolated::presumed);
    return roles.nonEmpty()
        && roles.forAll(
            role ->
                role.role() == Role.IMITATION
                    && Graph.only(Node.Input.class, Graph.below(role.coefficients())).isEmpty()
                    && role.read().intersect(WORTH).isEmpty());
  }

  /** An importance weight is truncated, as in V-trace, or not. */
  private static boolean isHeldRatio(Node site) {
    return site instanceof Node.Clip clip
        && !clip.live()
        && PresumedRole.plain(clip.of()) instanceof Node.Unary ratio
        && ratio.op() == UnaryOp.EXP
        && PresumedRole.compares(ratio);
  }

  /** A weight that is 1 or a ratio: REINFORCE weighs nothing. */
  private static boolean isTapered(Node site) {
    return site instanceof Node.Select weight
        && !weight.live()
        && PresumedRole.plain(weight.left()) instanceof Node.Constant one
        && one.value() == 1
        && PresumedRole.compares(weight.right());
  }

  /** DAPO leaves out the prompts whose responses earned the same, GRPO counts their tokens. */
  private static boolean leavesOutEqual(Node site) {
    return site instanceof Node.Reduce mean
        && mean.live()
        && mean.where()
            .exists(
                kept ->
                    Graph.only(Node.Reduce.class, Graph.below(List.of(kept)))
                        .exists(one -> one.op() == ReduceOp.ULP));
  }

  /** A squared error is halved, as in verl, or not, as in torch's mse_loss. */
  private static boolean isHalved(Node site) {
    return site instanceof Node.Binary product
        && product.op() == BinaryOp.TIMES
        && product.live()
        && List.of(product.left(), product.right())
            .map(PresumedRole::plain)
            .exists(one -> one instanceof Node.Constant half && half.value() == 0.5)
        && Graph.only(Node.Unary.class, Graph.below(List.of(product)))
            .exists(one -> one.live() && one.op() == UnaryOp.SQUARE);
  }

  /** A log-ratio is kept within ±20 before it is exponentiated, as in verl, or not, as in TRL. */
  private static boolean isOfLogRatio(Node site) {
    return site instanceof Node.Clip clip
        && PresumedRole.plain(clip.of()) instanceof Node.Binary difference
        && difference.op() == BinaryOp.MINUS
        && PresumedRole.compares(difference)
        && PresumedRole.plain(clip.high()) instanceof Node.Constant most
        && most.value() >= 10;
  }

  /** A value is regressed with or without a bound about the earlier one. */
  private static boolean isOfValue(Node site) {
    return site instanceof Node.Clip clip
        && Graph.only(Node.Input.class, Graph.below(List.of(clip.of())))
            .map(Node.Input::name)
            .contains(Columns.VALUE);
  }

  /** Of the lesser of two surrogates, or the larger of two errors, the one without the clip. */
  private static boolean isUnclipped(Mutant mutant) {
    return mutant.site() instanceof Node.Binary lesser
        && lesser.live()
        && (lesser.op() == BinaryOp.MIN || lesser.op() == BinaryOp.MAX)
        && clips(mutant.change().startsWith("first") ? lesser.left() : lesser.right())
        && !clips(mutant.change().startsWith("first") ? lesser.right() : lesser.left());
  }

  private static boolean clips(Node operand) {
    return Graph.only(Node.Clip.class, Graph.below(List.of(operand))).exists(Conventional::isRatio);
  }

  private static boolean isFromReference(Node site) {
    return site instanceof Node.Binary difference
        && difference.op() == BinaryOp.MINUS
        && difference.live()
        && !difference.right().live()
        && Graph.only(Node.Input.class, Graph.below(List.of(difference.right())))
            .exists(input -> input.name().equals(Columns.REFERENCE_LOG_PROB));
  }

  /** Dr. GRPO takes the rewards less their mean as they are, and divides by no std. */
  private static boolean isStandardised(Node site) {
    return site instanceof Node.Binary quotient
        && quotient.op() == BinaryOp.DIVIDE
        && aboveZero(PresumedRole.plain(quotient.right())) instanceof Node.Reduce std
        && std.op() == ReduceOp.STD;
  }

  /** What a small number, or 0, is added to. */
  private static Node aboveZero(Node node) {
    return node instanceof Node.Binary sum
            && sum.op() == BinaryOp.PLUS
            && PresumedRole.plain(sum.right()) instanceof Node.Constant epsilon
            && epsilon.value() < 1e-3
        ? PresumedRole.plain(sum.left())
        : node;
  }

  private static boolean isMeanOfTokens(Mutant mutant) {
    return mutant.site() instanceof Node.Reduce reduce
        && reduce.live()
        && reduce.of().level() == Level.Name.TOKEN;
  }

  static boolean of(Mutant slip) {
    return switch (slip.change()) {
      case "no lower bound" -> isHeld(slip);
      case "no clip" -> isRatio(slip.site());
      case "the reference forgotten" -> isPreference(slip);
      case "the mask left out" -> leavesOutMasked(slip.site());
      case "what is left out counts all the same" ->
          isAlone(slip.site()) || asksForATokenThatCounts(slip.site());
      case "a sum for a mean", "a mean for a sum" -> isLogRatioOfAResponse(slip.site());
      case "ε for 1 + ε" -> isTruncated(slip.site());
      case "an importance weight forgotten" -> isWeighed(slip.site());
      case "the whole batch for the group" -> isWhitened(slip);
      default -> false;
    };
  }

  /** CISPO and truncated importance sampling bound a detached weight from above alone. */
  private static boolean isHeld(Mutant slip) {
    return !Graph.down(
            slip.original().parts().values().map(part -> part.node()),
            node -> node.live() ? node.children() : List.empty())
        .filter(Node::live)
        .contains(slip.site());
  }

  /** A surrogate without a clip is the importance-weighted gradient that PPO starts from. */
  private static boolean isRatio(Node site) {
    return site instanceof Node.Clip clip
        && clip.live()
        && Graph.only(Node.Input.class, Graph.below(site.children()))
            .map(Node.Input::name)
            .contains(Columns.OLD_LOG_PROB);
  }

  /** TRL's reference_free: DPO's losses of log π alone. */
  private static boolean isPreference(Mutant slip) {
    return Graph.only(
            Node.Input.class,
            Graph.below(slip.original().parts().values().map(part -> part.node())))
        .exists(input -> input.name().equals(Columns.SIGN));
  }

  /** TRL counts a response whose tokens are all masked in its mean, as 0: so may a prompt be. */
  private static boolean leavesOutMasked(Node site) {
    return site instanceof Node.Reduce mean
        && mean.live()
        && mean.op() == ReduceOp.MEAN
        && mean.of().level() != Level.Name.TOKEN
        && mean.where().exists(Conventional::counts);
  }

  private static boolean asksForATokenThatCounts(Node site) {
    return site instanceof Node.Select select
        && select.level() == Level.Name.SEQUENCE
        && !select.live()
        && counts(select.when());
  }

  /** Whether a response or a prompt is asked for a token that is not left out. */
  private static boolean counts(Node condition) {
    return Graph.only(Node.Count.class, Graph.below(List.of(condition)))
        .exists(count -> count.from() == Level.Name.TOKEN);
  }

  /** verl's rloo and grpo let a response without companions keep its reward. */
  private static boolean isAlone(Node site) {
    return site instanceof Node.Select select
        && select.level() == Level.Name.SEQUENCE
        && !select.live()
        && Graph.only(Node.Input.class, Graph.below(List.of(select.when()))).isEmpty();
  }

  /** GSPO's ratio and verl's geometric level take the mean of log-ratios, others their sum. */
  private static boolean isLogRatioOfAResponse(Node site) {
    return site instanceof Node.Reduce reduce
        && reduce.of().level() == Level.Name.TOKEN
        && reduce.to() == Level.Name.SEQUENCE
        && isDifference(PresumedRole.plain(reduce.of()));
  }

  private static boolean isDifference(Node node) {
    return node instanceof Node.Clip clip
        ? isDifference(clip.of())
        : node instanceof Node.Binary difference
            && difference.op() == BinaryOp.MINUS
            && PresumedRole.compares(difference);
  }

  /** V-trace truncates its weights at 1, where others do so at 2. */
  private static boolean isTruncated(Node site) {
    return site instanceof Node.Clip clip
        && !clip.live()
        && PresumedRole.isEndless(clip.low())
        && PresumedRole.plain(clip.high()) instanceof Node.Constant most
        && most.value() >= 2;
  }

  /** REINFORCE and GKD, which take what the policy sampled itself, weigh nothing. */
  private static boolean isWeighed(Node site) {
    return site instanceof Node.Binary product && PresumedRole.compares(product.right());
  }

  /** REINFORCE++ whitens the rewards themselves, its baseline variant those less the group's. */
  private static boolean isWhitened(Mutant slip) {
    return Graph.only(
            Node.Reduce.class,
            Graph.below(slip.original().parts().values().map(part -> part.node())))
        .exists(
            std ->
                std.op() == ReduceOp.STD
                    && std.to() == Level.Name.BATCH
                    && Graph.below(List.of(std.of())).contains(slip.site()));
  }
}
