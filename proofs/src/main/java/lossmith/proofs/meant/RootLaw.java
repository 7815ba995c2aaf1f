package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Of what a root or a logarithm is taken. */
final class RootLaw {
  private RootLaw() {}

  /**
   * What is then not a number may stand in a condition, which is false of it, so that no value and
   * no gradient shows it.
   */
  static PartLaws.Presumed real() {
    return PartLaws.law(
        "real-root",
        "a root or a logarithm is taken of no negative number, unless a condition leaves it out",
        "√x, log x : x ≥ 0",
        1e-9,
        "a variance that is the difference of two means may be rounded below 0",
        role -> roots(role).nonEmpty(),
        (part, trial, tolerance) -> {
          Trial usual = certain(PartLaws.usual(part, trial));
          Reference known = new Reference(usual.samples(), usual.parameters());
          return roots(part.presumed())
              .filter(root -> root.guards().forAll(guard -> guard.holds(known)))
              .flatMap(root -> negative(part, root.root(), known, tolerance))
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  /** Other policies are drawn near the policy, and may be more than certain. */
  private static Trial certain(Trial trial) {
    return Columns.LOG_PROBS.foldLeft(
        trial, (one, name) -> PartLaws.changed(one, name, x -> Math.min(x, 0)));
  }

  /** A condition that must be true, or false, for what it guards to count. */
  private record Guard(Node when, boolean chosen) {
    /** Whether it is so everywhere. */
    private boolean holds(Reference known) {
      return Arrays.stream(known.of(when)).allMatch(x -> (x != 0) == chosen);
    }
  }

  private record Guarded(Node.Unary root, Seq<Guard> guards) {}

  /** A root, or a term on the way to some. */
  private record Reached(Node node, Seq<Guard> guards) {}

  /** Each root with the conditions on which it counts: of those it has by any way, the fewest. */
  private static Seq<Guarded> roots(PresumedRole role) {
    Deque<Reached> open =
        new ArrayDeque<>(java.util.List.of(new Reached(role.whole(), List.empty())));
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Seq<Guarded> found = List.empty();
    while (!open.isEmpty()) {
      Reached next = open.removeFirst();
      if (!seen.add(next.node) || next.node.level() == Level.Name.VOCABULARY) {
        continue;
      }
      if (next.node instanceof Node.Unary unary
          && (unary.op() == UnaryOp.SQRT || unary.op() == UnaryOp.LOG)
          && !isOfTheVocabulary(unary)) {
        found = found.append(new Guarded(unary, next.guards));
      }
      if (next.node instanceof Node.Select select) {
        open.addFirst(new Reached(select.when(), next.guards));
        open.addLast(
            new Reached(select.left(), next.guards.append(new Guard(select.when(), true))));
        open.addLast(
            new Reached(select.right(), next.guards.append(new Guard(select.when(), false))));
      } else {
        next.node.children().forEach(child -> open.addFirst(new Reached(child, next.guards)));
      }
    }
    return found;
  }

  private static boolean isOfTheVocabulary(Node node) {
    return Graph.below(List.of(node), Node::children)
        .exists(x -> x.level() == Level.Name.VOCABULARY);
  }

  private static Seq<Violation> negative(
      Isolated part, Node.Unary root, Reference known, double tolerance) {
    double[] of = known.of(root.of());
    double least = Arrays.stream(of).min().orElse(0);
    return least < -tolerance * (1 + Scale.size(of))
        ? List.of(
            new Violation.Fact(
                part.presumed().part() + ": " + PartLaws.text(root) + " is taken of " + least))
        : List.empty();
  }
}
