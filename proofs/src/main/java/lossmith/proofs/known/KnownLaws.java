package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;

/** A part is presumed to be the known objective that it looks like. */
public final class KnownLaws {
  /** The name of the law. */
  public static final String NAME = "known-objective";

  private static final int OTHERS = 3;

  /** No objective of the catalogue has as many terms, each counted wherever it is read. */
  private static final double LARGEST = 20_000;

  private KnownLaws() {}

  /** No part is a recipe or a part of the catalogue but for one place. */
  public static Law same() {
    return new Law(
            NAME,
            "what reads like an objective of the catalogue in every place but one, where it differs"
                + " as by mistake, is that objective",
            "L_i ≈ K ⇒ L_i = K",
            0,
            "structure, nothing is rounded",
            (subject, trial, tolerance) -> violations(subject.loss()))
        .once();
  }

  /** Begins to put the catalogue into its form, beside whatever is asked meanwhile. */
  public static void prepare() {
    var unused = CompletableFuture.runAsync(KnownObjectives::prepare);
  }

  /** {@return where the parts of a loss look like known objectives and are not} */
  public static Seq<Violation> violations(Loss loss) {
    HashConsing sharing = new HashConsing();
    return List.ofAll(loss.parts())
        .flatMap(
            part ->
                of(sharing.of(part._2.node()))
                    .map(text -> new Violation.Fact(part._1 + ": " + text)));
  }

  /** Written out, with what it shares as often as it is read. */
  private static boolean isTooLarge(Node part) {
    IdentityHashMap<Node, Double> sizes = new IdentityHashMap<>();
    for (Node node : Graph.below(List.of(part), Node::children)) {
      sizes.put(node, 1 + node.children().map(sizes::get).sum().doubleValue());
    }
    return sizes.getOrDefault(part, 0.0) > LARGEST;
  }

  private static Seq<String> of(Node part) {
    if (isTooLarge(part)) {
      return List.empty();
    }
    Seq<Fragment> pieces = Fragments.of(part, KnownObjectives.rewards());
    Fragment whole = pieces.head();
    Seq<Fragment> told = pieces.tail().filter(piece -> piece.kind().tells());
    Map<Fragment, KnownNumbers> numbers =
        LinkedHashMap.ofEntries(
            told.prepend(whole)
                .reject(piece -> piece.kind() == Fragment.Kind.MEAN)
                .reject(piece -> piece.kind() == Fragment.Kind.SELECTION)
                .map(piece -> Tuple.of(piece, KnownNumbers.of(piece))));
    if (numbers.get(whole).exists(KnownNumbers::found)) {
      return List.empty();
    }
    Seq<Fragment> unknown =
        told.reject(piece -> isKnown(piece) || numbers.get(piece).exists(KnownNumbers::found));
    // What is lowered by another function is turned, as in unlikelihood, and so is its weight.
    boolean carried =
        pieces.filter(piece -> piece.kind() == Fragment.Kind.TERM).forAll(KnownLaws::isKnown);
    boolean earned = unknown.exists(piece -> piece.kind() == Fragment.Kind.ADVANTAGE);
    Seq<Fragment> rewards =
        pieces
            .filter(piece -> earned && piece.kind() == Fragment.Kind.REWARD)
            .reject(KnownLaws::isKnown);
    Set<Long> apart = unknown.flatMap(piece -> below(piece.shape())).toSet();
    Set<Long> right =
        told.removeAll(unknown).flatMap(piece -> below(piece.shape())).toSet().removeAll(apart);
    Seq<Kin> kin =
        (isKnown(whole) ? List.<Kin>empty() : kin(whole))
            .reject(one -> unknown.isEmpty() && one.mistake().selects())
            .reject(one -> !one.isTurned() && right.contains(one.difference().own().print()))
            .appendAll(
                unknown
                    .appendAll(rewards)
                    .flatMap(KnownLaws::kin)
                    .reject(one -> !carried && one.turnsAll()))
            .appendAll(numbers.values().flatMap(KnownNumbers::mistaken))
            .sortBy(
                one -> Tuple.of(one.mistake().size(), one.known().fragment().kind(), one.apart()));
    return kin.headOption()
        .toList()
        .map(
            nearest ->
                nearest.text(
                    kin.map(one -> one.known().name())
                        .distinct()
                        .remove(nearest.known().name())
                        .take(OTHERS)));
  }

  private static boolean isKnown(Fragment piece) {
    return KnownObjectives.papers().has(piece) || KnownObjectives.trainers().has(piece);
  }

  private static Seq<Kin> kin(Fragment piece) {
    if (piece.kind() == Fragment.Kind.MEAN) {
      return List.empty();
    }
    return Kin.of(piece, KnownObjectives.papers())
        .appendAll(Kin.of(piece, KnownObjectives.trainers()));
  }

  /** The forms that a form is made of. */
  private static Seq<Long> below(TermForm shape) {
    return shape.of().flatMap(KnownLaws::below).append(shape.print());
  }
}
