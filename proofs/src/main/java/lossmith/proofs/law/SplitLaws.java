package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.dsl.schedule.Schedule;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** A batch may be split into the units that the schedule says. */
public final class SplitLaws {
  private SplitLaws() {}

  public static Law split() {
    return new Law(
        "split",
        "any split into the schedule's units, each given the statistics of the schedule's stages,"
            + " has the gradient of the whole",
        "∇L(x)|_piece = ∇L(piece; stages(x))",
        1e-12,
        "the same arithmetic on the same numbers",
        (subject, trial, tolerance) ->
            violations(subject, trial, tolerance, unit(subject, trial), Option.none()));
  }

  /** The schedule's unit; a batch of pairs is not torn finer than a pair. */
  private static Level.Name unit(Subject subject, Trial trial) {
    Level.Name unit = subject.schedule().unit();
    boolean pairs = trial.samples().columns().contains(Columns.SIGN);
    boolean finer = unit == Level.Name.TOKEN || unit == Level.Name.SEQUENCE;
    return pairs && finer ? Level.Name.GROUP : unit;
  }

  /** The places where pieces differ from the whole: pieces of units, or of something finer. */
  public static Seq<Violation> violations(
      Subject subject, Trial trial, double tolerance, Level.Name unit, Option<Level.Name> finer) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Evaluations whole = subject.on(trial);
    Seq<Violation> found = List.empty();
    for (var gradient : bound.gradients()) {
      if (gradient._2.level() != Level.Name.TOKEN) {
        continue;
      }
      double allowed = tolerance * whole.scale(gradient._2);
      double[] all = whole.of(gradient._2);
      for (int[] tokens : pieces(trial, finer.getOrElse(unit))) {
        double[] piece = piece(trial, tokens, gradient._2, unit, whole);
        double[] expected = Arrays.stream(tokens).mapToDouble(t -> all[t]).toArray();
        found =
            found.appendAll(
                Violation.between("d/d" + gradient._1 + " of a piece", piece, expected, allowed));
      }
    }
    return found;
  }

  /** The tokens of two random pieces. */
  private static Seq<int[]> pieces(Trial trial, Level.Name unit) {
    Samples samples = trial.samples();
    Random random = new Random(trial.seed());
    boolean[] first = new boolean[samples.size(unit)];
    for (int i = 0; i < first.length; i++) {
      first[i] = random.nextBoolean();
    }
    int[] of =
        unit == Level.Name.TOKEN
            ? IntStream.range(0, samples.tokens()).toArray()
            : samples.parents(Level.Name.TOKEN, unit);
    return List.of(true, false)
        .map(side -> IntStream.range(0, of.length).filter(t -> first[of[t]] == side).toArray())
        .filter(tokens -> tokens.length > 0);
  }

  private static double[] piece(
      Trial trial, int[] tokens, Node gradient, Level.Name unit, Evaluations whole) {
    Samples samples = trial.samples();
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] sequences = sequences(samples, tokens, of, unit);
    int[] groups = Batches.groups(samples, sequences);
    Reference reference = new Reference(Batches.of(samples, sequences, tokens), trial.parameters());
    for (Node node : given(gradient, unit)) {
      double[] values = Batches.at(node.level(), whole.of(node), sequences, tokens, groups);
      Reference unused = reference.given(node, values);
    }
    return reference.of(gradient);
  }

  /** The sequences of a piece, with the empty ones of its groups where the piece is of groups. */
  private static int[] sequences(Samples samples, int[] tokens, int[] of, Level.Name unit) {
    int[] filled = Arrays.stream(tokens).map(t -> of[t]).distinct().sorted().toArray();
    if (unit != Level.Name.GROUP) {
      return filled;
    }
    int[] group = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] groups = Batches.groups(samples, filled);
    return IntStream.range(0, group.length)
        .filter(s -> Arrays.binarySearch(groups, group[s]) >= 0)
        .toArray();
  }

  /** The first nodes from the gradient down that are taken beyond a unit. */
  private static Seq<Node> given(Node gradient, Level.Name unit) {
    return Graph.first(gradient, node -> Schedule.beyond(unit, node));
  }
}
