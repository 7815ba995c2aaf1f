package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Precision;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.SaturatedSums;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;

/**
 * Absent elements, the branch of a select that is not taken, and overflow must not reach a
 * gradient.
 */
public final class GuardLaws {
  /** Beyond this the exponential is flat, in float64. */
  private static final double SATURATION = Precision.FLOAT64.saturation();

  private static final String SAME = "the same numbers in another graph";

  private static final UnaryOperator<Loss> GUARDED = GuardLaws::guarded;
  private static final UnaryOperator<Loss> POISONED = GuardLaws::poisoned;
  private static final UnaryOperator<Loss> SATURATING = GuardLaws::saturating;

  private GuardLaws() {}

  static Law guarded() {
    return new Law(
            "guarded-branch",
            "a branch that is not taken, with an infinite slope and no number for a value, in the"
                + " place of every statistic of the policy changes neither value nor gradient",
            "L[x ↦ select(true, x, 1/(0·x) + log(0·x))] = L",
            1e-9,
            SAME,
            (subject, trial, tolerance) -> rewritten(subject, GUARDED, trial, tolerance))
        .except(Trial.Kind.TIED);
  }

  static Law sanitised() {
    return new Law(
            "absent-slot",
            "what is left out of a narrowed reduction is left out before any arithmetic: in its"
                + " place no number, with an infinite slope, changes neither value nor gradient",
            "L[Σ 1[m]·x ↦ Σ 1[m]·{x if m; 1/(0·x) + log(0·x) otherwise}] = L",
            1e-9,
            SAME,
            (subject, trial, tolerance) -> rewritten(subject, POISONED, trial, tolerance))
        .on(Trial.Kind.ORDINARY, Trial.Kind.WIDE);
  }

  public static Law saturated() {
    return new Law(
            "saturation",
            "e^x is e^(clip(x, −700, 700)) in value and slope, and so is x beside it in one sum, as"
                + " in e^x − x − 1, which beyond is constant and which expRemainder() writes; the"
                + " tokens beyond are counted",
            "L[e^x + kx ↦ e^c + kc, c = clip(x, −700, 700)] = L",
            1e-9,
            SAME,
            (subject, trial, tolerance) ->
                rewritten(subject, SATURATING, trial, tolerance).appendAll(counted(subject, trial)))
        .on(Trial.Kind.WIDE, Trial.Kind.EXTREME);
  }

  static Law absent() {
    return new Law(
            "absent-entry",
            "an entry of the vocabulary that cannot occur, its logit at −inf, is as if it were not"
                + " there, and gets no gradient, where nothing counts the entries",
            "L(z, −inf) = L(z), ∂L/∂z(−inf) = 0",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) ->
                counts(subject) ? List.empty() : absent(subject, trial, tolerance))
        .except(Trial.Kind.KINK);
  }

  /** A loss in which every statistic of the policy has a branch beside it that is not taken. */
  static Loss guarded(Loss loss) {
    Loss shared = loss.rewritten(new HashConsing()::of);
    return shared.rewritten(
        root -> {
          Fold<Node> fold = new Fold<>(new Rebuild());
          for (Node node : Graph.below(shared).filter(GuardLaws::statistic)) {
            fold = fold.given(node, beside(node));
          }
          return fold.of(root);
        });
  }

  /** What a token reads of its row: its log-probability, the entropy, … */
  private static boolean statistic(Node node) {
    return node.live()
        && node.level() == Level.Name.TOKEN
        && node.children().exists(child -> child.level() == Level.Name.VOCABULARY);
  }

  /** A loss in which every narrowed reduction meets no numbers where it is narrowed. */
  static Loss poisoned(Loss loss) {
    return loss.rewritten(new Fold<>(new Poisoning())::of);
  }

  private static final class Poisoning extends Rebuild {
    @Override
    public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
      Node one = Nodes.constant(1, of.level());
      Node zero = Nodes.constant(0, of.level());
      Option<Node> poisoned =
          where.map(
              here -> {
                Node flat = Nodes.binary(BinaryOp.TIMES, of, Nodes.select(here, one, zero));
                return Nodes.select(here, of, poison(one, flat));
              });
      return super.reduce(node, poisoned.getOrElse(of), where);
    }
  }

  /** 1/x + log x, where x is 0. */
  private static Node poison(Node one, Node flat) {
    Node infinite = Nodes.binary(BinaryOp.DIVIDE, one, flat);
    return Nodes.binary(BinaryOp.PLUS, infinite, Nodes.unary(UnaryOp.LOG, flat));
  }

  private static Node beside(Node x) {
    Node old = Nodes.given(Columns.OLD_LOG_PROB, Level.Name.TOKEN);
    Node zero = Nodes.constant(0, Level.Name.TOKEN);
    Node one = Nodes.constant(1, Level.Name.TOKEN);
    Node huge = Nodes.constant(1e9, Level.Name.TOKEN);
    Node always = Nodes.compare(CompareOp.BELOW, old, huge); // which no rewriting can know
    Node flat = Nodes.binary(BinaryOp.TIMES, x, Nodes.select(always, zero, one));
    return Nodes.select(always, x, poison(one, flat));
  }

  /** A loss in which every x with e^x is clipped where the exponential is flat. */
  static Loss saturating(Loss loss) {
    return loss.rewritten(new Fold<>(new SaturatedSums(SATURATION))::of);
  }

  /** Where an objective and the same written otherwise differ. */
  static Seq<Violation> rewritten(
      Subject subject, UnaryOperator<Loss> rewriting, Trial trial, double tolerance) {
    return subject
        .written(rewriting)
        .toList()
        .flatMap(
            other -> MeaningLaws.surfaces(trial, s -> same(subject, other, trial, s, tolerance)));
  }

  private static Seq<Violation> same(
      Subject subject, Subject other, Trial trial, Surface surface, double tolerance) {
    if (surface == Surface.STATISTICS && !subject.statistics().equals(other.statistics())) {
      return List.empty(); // the rewriting reaches into the rows: only logits know
    }
    BoundLoss bound = subject.bound(surface);
    Evaluations known = subject.on(trial);
    Evaluation found = MeaningLaws.evaluation(other, trial, surface);
    Seq<Violation> wrong =
        Violation.between(
            "value at " + surface,
            found.value(),
            known.number(bound.value()),
            tolerance * known.scale(bound.value()));
    for (var gradient : bound.gradients()) {
      double[] expected = known.of(gradient._2);
      double[] zero = new double[expected.length];
      wrong =
          wrong.appendAll(
              Violation.between(
                  "d/d" + gradient._1 + " at " + surface,
                  found.gradients().getOrElse(gradient._1, zero),
                  expected,
                  tolerance * known.scale(gradient._2)));
    }
    return wrong;
  }

  /** The metric counts the tokens that have the argument of some exponential beyond. */
  private static Seq<Violation> counted(Subject subject, Trial trial) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Evaluations known = subject.on(trial);
    Samples samples = trial.samples();
    boolean[] beyond = new boolean[samples.tokens()];
    Graph.below(bound.parts().values().appendAll(bound.metrics().values()))
        .filter(node -> node instanceof Node.Unary u && u.op().saturates())
        .filter(node -> node.level() != Level.Name.VOCABULARY)
        .flatMap(Node::children)
        .forEach(
            x -> {
              double[] argument = known.of(x);
              for (int t = 0; t < beyond.length; t++) {
                int at = samples.parent(Level.Name.TOKEN, t, x.level());
                beyond[t] |= Math.abs(argument[at]) > SATURATION;
              }
            });
    int expected = (int) IntStream.range(0, beyond.length).filter(t -> beyond[t]).count();
    double count =
        MeaningLaws.evaluation(subject, trial, Surface.STATISTICS)
            .metrics()
            .get(Evaluation.SATURATED)
            .get();
    return Violation.between("tokens beyond the saturation", count, expected, 0);
  }

  /** Whether something depends on how many entries the vocabulary has. */
  private static boolean counts(Subject subject) {
    return Graph.below(subject.loss())
        .exists(
            node ->
                (node instanceof Node.Count c && c.from() == Level.Name.VOCABULARY)
                    || (node instanceof Node.Quantile q && q.of().level() == Level.Name.VOCABULARY)
                    || (node instanceof Node.Reduce r
                        && r.op() != ReduceOp.SUM
                        && r.of().level() == Level.Name.VOCABULARY));
  }

  private static Seq<Violation> absent(Subject subject, Trial trial, double tolerance) {
    BoundLoss bound = subject.bound(Surface.LOGITS);
    Evaluations known = subject.on(trial);
    Trial wider =
        new Trial(trial.seed(), trial.kind(), Batches.widened(trial.samples()), trial.parameters());
    Evaluation found = MeaningLaws.evaluation(subject, wider, Surface.LOGITS);
    Seq<Violation> wrong =
        Violation.between(
            "value",
            found.value(),
            known.number(bound.value()),
            tolerance * known.scale(bound.value()));
    return bound
        .gradients()
        .get(BoundLoss.LOGITS)
        .map(
            g ->
                wrong.appendAll(
                    Violation.between(
                        "d/dlogits",
                        found.gradients().get(BoundLoss.LOGITS).get(),
                        beside(known.of(g)),
                        tolerance * known.scale(g))))
        .getOrElse(wrong);
  }

  /** Rows with a zero at the end of each. */
  private static double[] beside(double[] rows) {
    int count = rows.length / Trials.WIDTH;
    double[] wide = new double[count * (Trials.WIDTH + 1)];
    for (int row = 0; row < count; row++) {
      System.arraycopy(rows, row * Trials.WIDTH, wide, row * (Trials.WIDTH + 1), Trials.WIDTH);
    }
    return wide;
  }
}
