package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import lossmith.dsl.Axis;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.ops.Evaluation;
import lossmith.proofs.law.GradientLaws;
import lossmith.proofs.law.GuardLaws;
import lossmith.proofs.law.KinkLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.law.WindowLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Rowwise;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;

/** Guards and accumulation: each of their laws is broken here by one wrong thing. */
final class GuardLawsCanFailTest {
  private static final int CASES = 24;
  private static final Loss GRPO = new Grpo().loss(Conventions.paper());

  /** Every node of the gradients rewritten. */
  private static UnaryOperator<BoundLoss> rewriting(Rebuild rewrite) {
    return b ->
        new BoundLoss(
            b.surface(), b.parts(), b.metrics(), b.gradients().mapValues(new Fold<>(rewrite)::of));
  }

  private static Set<String> translated(Loss loss, Rebuild rewrite) {
    UnaryOperator<BoundLoss> none = UnaryOperator.identity();
    try (Subject subject =
        new Subject(
            "tampered",
            loss,
            List.empty(),
            Option.none(),
            Narrowing.NONE,
            none,
            rewriting(rewrite))) {
      return Prover.prove(subject, Laws.of(subject), CASES, 1)
          .findings()
          .map(f -> f.law().name())
          .toSet();
    }
  }

  @Test
  void aGuardThatMultipliesByZeroLetsNaNThrough() {
    Rebuild multiplied =
        new Rebuild() {
          @Override
          public Node select(Node.Select node, Node when, Node left, Node right) {
            Node one = Nodes.constant(1, left.level());
            Node here = Nodes.select(when, one, Nodes.constant(0, left.level()));
            return right instanceof Node.Constant
                ? Nodes.binary(BinaryOp.TIMES, here, left)
                : super.select(node, when, left, right);
          }
        };
    assertTrue(translated(GRPO, multiplied).contains("guarded-branch"));
  }

  @Test
  void aMaskThatMultipliesLetsNaNThrough() {
    Rebuild multiplied =
        new Rebuild() {
          @Override
          public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
            Node one = Nodes.constant(1, of.level());
            Node zero = Nodes.constant(0, of.level());
            return where
                .map(m -> Nodes.binary(BinaryOp.TIMES, of, Nodes.select(m, one, zero)))
                .map(product -> super.reduce(node, product, Option.none()))
                .getOrElse(() -> super.reduce(node, of, where));
          }
        };
    Loss narrowed =
        maximise(
            Terms.ratio()
                .weightedBy(Terms.reward().per(Axis.TOKEN))
                .sum(ALL_TOKENS.where(Terms.given("token_mask", Axis.TOKEN).positive())));
    UnaryOperator<BoundLoss> values =
        b ->
            new BoundLoss(
                b.surface(),
                b.parts().mapValues(new Fold<>(multiplied)::of),
                b.metrics(),
                b.gradients());
    UnaryOperator<BoundLoss> none = UnaryOperator.identity();
    try (Subject subject =
        new Subject(
            "masked", narrowed, List.empty(), Option.none(), Narrowing.NONE, none, values)) {
      assertEquals(
          List.of("absent-slot"),
          Prover.prove(subject, Laws.all(), CASES, 1).findings().map(f -> f.law().name()).toList());
    }
  }

  @Test
  void atATieTheSlopeGoesToTheFirstArgument() {
    Rebuild second =
        new Rebuild() {
          @Override
          public Node compare(Node.Compare node, Node left, Node right) {
            return Nodes.compare(CompareOp.BELOW, left, right);
          }
        };
    UnaryOperator<BoundLoss> none = UnaryOperator.identity();
    try (Subject subject =
        new Subject(
            "second", GRPO, List.empty(), Option.none(), Narrowing.NONE, rewriting(second), none)) {
      assertTrue(
          List.range(1, CASES)
              .map(seed -> subject.trial(seed, Trial.Kind.KINK))
              .exists(trial -> KinkLaws.declared().violations(subject, trial).nonEmpty()));
    }
  }

  @Test
  void aProductBeyondTheDoublesIsOutsideTheLawOfFiniteNumbers() {
    Loss loss = Terms.minimise(Terms.ratio().times(Terms.ratio()).mean(ALL_TOKENS));
    try (Subject subject = new Subject("product", loss)) {
      Seq<Trial> extremes =
          List.range(1, 20 * CASES).map(seed -> subject.draw(seed, Trial.Kind.EXTREME));
      Law within = GradientLaws.finiteWithinRange();
      Law finite = GradientLaws.finite();
      assertTrue(extremes.exists(trial -> finite.violations(subject, trial).nonEmpty()));
      assertTrue(extremes.exists(trial -> GradientLaws.inRange(subject, trial)));
      assertTrue(extremes.forAll(trial -> within.violations(subject, trial).isEmpty()));
    }
  }

  @Test
  void anExponentialThatGoesOnRisingIsNotSaturated() {
    Rebuild rising =
        new Rebuild() {
          @Override
          public Node unary(Node.Unary node, Node of) {
            return node.op() == UnaryOp.EXP_SLOPE
                ? Nodes.unary(UnaryOp.EXP, of)
                : super.unary(node, of);
          }
        };
    Loss loss = maximise(Terms.ratio().weightedBy(Terms.reward().per(Axis.TOKEN)).mean(ALL_TOKENS));
    UnaryOperator<BoundLoss> none = UnaryOperator.identity();
    try (Subject subject =
        new Subject(
            "rising", loss, List.empty(), Option.none(), Narrowing.NONE, rewriting(rising), none)) {
      assertTrue(
          List.range(1, 20 * CASES)
              .map(seed -> subject.trial(seed, Trial.Kind.EXTREME))
              .exists(trial -> GuardLaws.saturated().violations(subject, trial).nonEmpty()));
    }
  }

  @Test
  void aRemainderThatGoesOnRisingIsNotSaturated() {
    Rebuild rising =
        new Rebuild() {
          @Override
          public Node unary(Node.Unary node, Node of) {
            return node.op() == UnaryOp.EXP_REMAINDER_SLOPE
                ? Nodes.unary(UnaryOp.EXPM1, of)
                : super.unary(node, of);
          }
        };
    Loss loss = Composition.of("clip+k3").loss(Conventions.paper());
    UnaryOperator<BoundLoss> none = UnaryOperator.identity();
    try (Subject subject =
        new Subject(
            "rising", loss, List.empty(), Option.none(), Narrowing.NONE, rewriting(rising), none)) {
      assertTrue(
          List.range(1, 20 * CASES)
              .map(seed -> subject.trial(seed, Trial.Kind.EXTREME))
              .exists(trial -> GuardLaws.saturated().violations(subject, trial).nonEmpty()));
    }
  }

  @Test
  void anEntryThatCannotOccurHasNoLogit() {
    Rebuild plain =
        new Rebuild() {
          @Override
          public Node binary(Node.Binary node, Node left, Node right) {
            return node.op() == BinaryOp.SIGMOID_DIFF
                ? Nodes.unary(UnaryOp.SIGMOID, Nodes.binary(BinaryOp.MINUS, left, right))
                : super.binary(node, left, right);
          }
        };
    Loss mixed = Recipes.get("distil-jsd").loss(Conventions.paper());
    assertEquals(HashSet.of("absent-entry"), translated(mixed, plain));
  }

  @Test
  void theMeanOfTheMicroBatchesIsNotTheMeanOfTheBatch() {
    try (Subject grpo = new Subject("grpo", GRPO)) {
      assertTrue(
          List.range(1, CASES)
              .map(seed -> grpo.trial(seed, Trial.Kind.ORDINARY))
              .exists(t -> WindowLaws.violations(grpo, t, 1e-9, averaged(grpo)).nonEmpty()));
    }
  }

  /** What people do: each sequence as its own batch, and the mean of the losses. */
  private static BiFunction<Trial, Seq<Rowwise.Cut>, Evaluation> averaged(Subject subject) {
    return (trial, cuts) -> {
      Evaluation whole = subject.rowwise().whole(trial);
      double mean =
          List.range(0, trial.samples().size(Level.Name.SEQUENCE))
              .map(s -> Batches.of(trial.samples(), s))
              .filter(piece -> piece.tokens() > 0)
              .map(piece -> new Trial(trial.seed(), trial.kind(), piece, trial.parameters()))
              .map(piece -> subject.rowwise().whole(piece).value())
              .average()
              .get();
      return new Evaluation(
          mean,
          whole.parts(),
          whole.metrics(),
          whole.gradients(),
          whole.extras(),
          whole.fallbacks());
    };
  }
}
