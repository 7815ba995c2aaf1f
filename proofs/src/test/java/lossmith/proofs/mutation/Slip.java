package lossmith.proofs.mutation;

import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.function.BiFunction;
import java.util.function.Function;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Rebuild;

/**
 * One kind of mistake that a person makes while writing an objective.
 *
 * @param name what was done
 * @param sites every wrong objective that it makes of a right one, whose equal terms are shared
 */
record Slip(String name, Function<Loss, Seq<Mutant>> sites) {
  /** A mistake that is made at a term, where it can be made there. */
  static Slip at(String name, Function<Node, Option<Node>> wrong) {
    return of(name, (loss, node) -> wrong.apply(node).toList());
  }

  /** A mistake that is made at a term, in one way or several. */
  static Slip of(String name, BiFunction<Loss, Node, Seq<Node>> wrong) {
    return new Slip(
        name, loss -> Mutants.nodes(loss).flatMap(node -> attempt(loss, name, node, wrong)));
  }

  /** What the types refuse while it is made is a mistake that they catch. */
  private static Seq<Mutant> attempt(
      Loss loss, String name, Node node, BiFunction<Loss, Node, Seq<Node>> wrong) {
    try {
      return wrong.apply(loss, node).map(other -> Mutant.of(loss, name, node, () -> other));
    } catch (ProblemException refused) {
      return List.of(new Mutant(loss, name, node, Option.none(), Either.left(refused)));
    }
  }

  /** A mistake that puts others in the place of some terms, all at once. */
  static Slip throughout(String name, Function<Seq<Node>, Seq<Tuple2<Node, Node>>> others) {
    return new Slip(
        name,
        loss -> {
          Seq<Tuple2<Node, Node>> pairs = others.apply(Mutants.nodes(loss));
          return pairs.isEmpty() ? List.empty() : List.of(replaced(loss, name, pairs));
        });
  }

  private static Mutant replaced(Loss loss, String name, Seq<Tuple2<Node, Node>> pairs) {
    Fold<Node> fold = new Fold<>(new Rebuild());
    pairs.forEach(pair -> fold.given(pair._1, pair._2));
    try {
      return new Mutant(
          loss,
          name,
          pairs.head()._1,
          Option.some(pairs.head()._2),
          Either.right(loss.rewritten(fold::of)));
    } catch (ProblemException refused) {
      return new Mutant(loss, name, pairs.head()._1, Option.none(), Either.left(refused));
    }
  }
}
