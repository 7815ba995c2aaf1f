package lossmith.proofs.role;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;

/** What a part of some role needs and what does not enter it. */
final class Missing {
  private static final Set<UnaryOp> DISTANCES =
      HashSet.of(UnaryOp.SQUARE, UnaryOp.ABS, UnaryOp.EXP_REMAINDER);

  private Missing() {}

  static Option<String> of(PresumedRole part) {
    return switch (part.role()) {
      case POLICY_SURROGATE, REINFORCE, IMPORTANCE_WEIGHTED ->
          Option.when(part.advantages().isEmpty(), "no advantage")
              .orElse(
                  Option.when(
                      part.advantages().forAll(Missing::isOfTheBatch),
                      "no advantage of a token or a response, but one number of the whole batch,"));
      case VALUE_REGRESSION ->
          Option.when(
              part.read().forAll(PresumedRole::isValue),
              part.read().size() > 1 ? "no return beside its own earlier value" : "no return");
      case UNPAIRED_PREFERENCE ->
          Option.when(isUnlabelled(part.whole()), "neither a reward nor a label")
              .orElse(
                  Option.when(
                      part.others().isEmpty(), "no other policy that a response is compared with"));
      case UNKNOWN ->
          Option.when(
              part.reads().removeAll(Multiplier.POLICIES).isEmpty()
                  && part.carriers().forAll(Missing::isDistance),
              "neither data, nor another policy that it is compared with, nor an expectation under"
                  + " a policy");
      default -> Option.none();
    };
  }

  /** Whether nothing but policies and numbers of the whole batch enters. */
  private static boolean isUnlabelled(Node whole) {
    return Graph.only(Node.Input.class, Graph.below(List.of(whole), Node::children))
        .forAll(
            input ->
                Multiplier.POLICIES.contains(input.name()) || input.level() == Level.Name.BATCH);
  }

  /** A square, a size, x - 1 - log x or a sum over the vocabulary, of a difference as a rule. */
  private static boolean isDistance(Node node) {
    return (node instanceof Node.Unary unary && DISTANCES.contains(unary.op()))
        || (PresumedRole.plain(node) instanceof Node.Reduce sum
            && sum.of().level() == Level.Name.VOCABULARY);
  }

  private static boolean isOfTheBatch(Node node) {
    return PresumedRole.plain(node).level() == Level.Name.BATCH;
  }
}
