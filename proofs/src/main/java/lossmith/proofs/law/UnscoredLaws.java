package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** A response that could not be scored is in no statistic of rewards, and its advantage is 0. */
public final class UnscoredLaws {
  private static final String ADVANTAGE = "advantage_of_the_scored";

  /** What a column of rewards may have where there is no reward. */
  private static final double[] ANYTHING = {-40, 3.5};

  private UnscoredLaws() {}

  /** Binds a loss to columns. */
  @FunctionalInterface
  public interface Binding {
    /** {@return the loss at the statistics of the policy} */
    BoundLoss of(Loss loss, Set<String> columns);
  }

  static Law unscored() {
    return new Law(
            "unscored-responses",
            "value and gradient do not depend on what stands for the reward of a response without"
                + " one; they are those of the loss that is given the advantages of the batch"
                + " without such responses, and 0 for these (where it makes no statistic of"
                + " advantages in its turn). A loss that compares rewards with what the policy"
                + " makes of all responses is refused",
            "L(R, known) = L(A := A(R of known), 0 elsewhere)",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) ->
                violations(
                    subject,
                    trial,
                    tolerance,
                    (loss, columns) -> BoundLoss.of(loss, Surface.STATISTICS, columns)))
        .on(Trial.Kind.ORDINARY, Trial.Kind.TIED);
  }

  /** The places where a loss bound in some way does not leave unscored responses aside. */
  public static Seq<Violation> violations(
      Subject subject, Trial trial, double tolerance, Binding binding) {
    Samples samples = trial.samples();
    if (!readsReward(subject.bound(Surface.STATISTICS).value())
        || !samples.level(Columns.REWARD).contains(Level.Name.SEQUENCE)) {
      return List.empty();
    }
    Random random = new Random(trial.seed());
    double[] known = random.doubles(samples.size(Level.Name.SEQUENCE)).map(Math::rint).toArray();
    Samples marked = samples.with(Columns.REWARD_KNOWN, Level.Name.SEQUENCE, known);
    try {
      BoundLoss bound = binding.of(subject.loss(), marked.columns().addAll(marked.grids()));
      Seq<Seq<double[]>> numbers =
          List.ofAll(ANYTHING)
              .map(any -> numbers(bound.value(), bound.gradients(), filled(marked, any), trial));
      double size = tolerance * (1 + largest(numbers.head()));
      return apart("whatever the reward", numbers.head(), numbers.last(), size)
          .appendAll(
              given(subject, trial, known)
                  .toList()
                  .flatMap(right -> apart("given A", numbers.head(), right, size)));
    } catch (ProblemException refused) {
      return refused.problems().exists(problem -> problem.code().equals(Columns.REWARD))
          ? List.empty()
          : List.of(new Violation.Fact(String.valueOf(refused.getMessage())));
    }
  }

  /** Value and gradients of the loss that is given A, where it reads the reward through A alone. */
  private static Option<Seq<double[]>> given(Subject subject, Trial trial, double[] known) {
    BoundLoss bound = subject.bound(Surface.STATISTICS);
    Samples samples = trial.samples();
    int[] scored = IntStream.range(0, known.length).filter(s -> known[s] == 1).toArray();
    return Symbols.named(bound, "A")
        .filter(a -> !a.live() && scored.length > 0 && readsReward(a))
        .flatMap(
            a -> {
              Node value = Symbols.replaced(bound.value(), a, Nodes.given(ADVANTAGE, a.level()));
              if (readsReward(value) || comparesAdvantages(value)) {
                return Option.none();
              }
              double[] there = new Reference(Batches.of(samples, scored), trial.parameters()).of(a);
              int[] places =
                  a.level() == Level.Name.TOKEN ? Batches.tokens(samples, scored) : scored;
              double[] all = new double[samples.size(a.level())];
              for (int i = 0; i < places.length; i++) {
                all[places[i]] = there[i];
              }
              return Option.some(
                  numbers(
                      value, Derivative.of(value), samples.with(ADVANTAGE, a.level(), all), trial));
            });
  }

  private static boolean readsReward(Node node) {
    return reads(node, Columns.REWARD);
  }

  private static boolean reads(Node node, String column) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node)))
        .exists(input -> input.name().equals(column));
  }

  /** Whether advantages are in a statistic in their turn, of which a column knows too little. */
  private static boolean comparesAdvantages(Node value) {
    return Graph.below(List.of(value))
        .exists(
            node ->
                !node.live()
                    && (node instanceof Node.Reduce || node instanceof Node.Rank)
                    && reads(node, ADVANTAGE));
  }

  private static Samples filled(Samples marked, double any) {
    double[] known = marked.column(Columns.REWARD_KNOWN).get();
    double[] rewards = marked.column(Columns.REWARD).get();
    Arrays.setAll(rewards, s -> known[s] == 1 ? rewards[s] : any);
    return marked.with(Columns.REWARD, Level.Name.SEQUENCE, rewards);
  }

  private static Seq<double[]> numbers(
      Node value, Map<String, Node> gradients, Samples samples, Trial trial) {
    Reference reference = new Reference(samples, trial.parameters());
    return gradients
        .toList()
        .sortBy(gradient -> gradient._1)
        .map(gradient -> reference.of(gradient._2))
        .prepend(reference.of(value));
  }

  private static double largest(Seq<double[]> numbers) {
    return numbers.map(x -> Arrays.stream(x).map(Math::abs).max().orElse(0)).max().getOrElse(0.0);
  }

  private static Seq<Violation> apart(
      String where, Seq<double[]> left, Seq<double[]> right, double allowed) {
    return left.zip(right).flatMap(both -> Violation.between(where, both._1, both._2, allowed));
  }
}
