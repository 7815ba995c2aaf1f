package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.function.Predicate;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** What is left out by a mask, or added elsewhere, is honoured in every denominator. */
final class MaskLaws {
  private static final Set<String> EARNED =
      HashSet.of(Columns.REWARD, Columns.TOKEN_REWARD, Columns.VALUE, "advantage", "return");

  /** Words of a name that say what was counted. */
  private static final Set<String> COUNTED =
      HashSet.of(
          "count",
          "num",
          "tokens",
          "items",
          "sequences",
          "responses",
          "samples",
          "prompts",
          "size",
          "length",
          "denominator");

  private MaskLaws() {}

  static PartLaws.Presumed honoured() {
    Predicate<PresumedRole> speaks = role -> !masks(role.whole()).isEmpty();
    return PartLaws.Presumed.ofPart(
        new Law(
            "mask-honoured",
            "what a mask leaves out counts nowhere: the batch without the tokens whose mask is 0"
                + " has the same loss and the same gradient",
            "L(x) = L(x where mask = 1)",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) ->
                subject
                    .presumed()
                    .flatMap(part -> masks(part.presumed().whole()))
                    .distinct()
                    .reject(mask -> subject.claims().exists(new Claim.Masked(mask)::equals))
                    .flatMap(
                        mask ->
                            DenominatorLaws.masked(new Claim.Masked(mask))
                                .violations(subject, trial))),
        speaks);
  }

  static PartLaws.Presumed additive() {
    return PartLaws.law(
        "whole-batch-denominator",
        "who divides by a count that is given for the whole batch adds up over micro-batches of"
            + " whole prompts, whatever the advantages are normalised over: nothing else is counted"
            + " in the micro-batch alone",
        "∇L(x ∪ y) = ∇L(x) + ∇L(y), with A = 1",
        1e-9,
        "another order of summation",
        MaskLaws::countsAll,
        (part, trial, tolerance) ->
            adds(part).flatMap(bound -> DenominatorLaws.additive(bound, trial, tolerance)).take(1),
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  /** Whether a part is divided by a number that is given for the whole batch. */
  static boolean countsAll(PresumedRole role) {
    return Graph.below(List.of(role.whole())).exists(MaskLaws::dividesByGiven);
  }

  /** What of a part adds up: with an advantage of 1, and with its own where it is not whitened. */
  private static Seq<BoundLoss> adds(Isolated part) {
    return hasBatchBaseline(part.presumed().whole())
        ? List.of(part.unscaled())
        : List.of(part.unscaled(), part.bound());
  }

  /**
   * Whether a baseline of the whole batch is subtracted from what was earned, as whitening does.
   */
  private static boolean hasBatchBaseline(Node whole) {
    return Graph.below(List.of(whole)).exists(MaskLaws::isLessAMeanOfTheBatch);
  }

  private static boolean isLessAMeanOfTheBatch(Node node) {
    return node instanceof Node.Binary difference
        && difference.op() == BinaryOp.MINUS
        && Graph.below(List.of(difference.right()))
            .exists(
                mean ->
                    mean instanceof Node.Reduce
                        && mean.level() == Level.Name.BATCH
                        && Graph.only(Node.Input.class, Graph.below(List.of(mean)))
                            .exists(input -> EARNED.contains(input.name())));
  }

  private static boolean dividesByGiven(Node node) {
    return node instanceof Node.Binary quotient
        && quotient.op() == BinaryOp.DIVIDE
        && Graph.only(Node.Input.class, Graph.below(List.of(quotient.right())))
            .exists(
                input ->
                    input.level() == Level.Name.BATCH && !input.trained() && counts(input.name()));
  }

  /** Whether a name says that the number counts what the batch has; a temperature does not. */
  static boolean counts(String name) {
    return Arrays.stream(name.split("_", -1)).anyMatch(COUNTED::contains);
  }

  /** The columns of tokens that a part reads and whose name says that they are a mask. */
  private static Seq<String> masks(Node whole) {
    Set<String> names =
        Graph.only(Node.Input.class, Graph.below(List.of(whole)))
            .filter(input -> input.level() == Level.Name.TOKEN && !input.trained())
            .map(Node.Input::name)
            .filter(name -> Arrays.asList(name.split("_", -1)).contains("mask"))
            .toSet();
    return names.toList().sorted();
  }
}
