package lossmith.report;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;

/**
 * The curve that papers draw of an objective: its loss, and dL/dlog π, as functions of the
 * importance ratio r, at an advantage of 1 and of -1.
 *
 * <p>Each point is a batch of one response of one token, in plain doubles: π_old = π_rollout = 0.2
 * and π = 0.2 r. The term named A is the advantage. An objective that leaves out prompts whose
 * responses are all equally good gets a second response, without tokens, that is better. The
 * reference policy is π itself, so that a penalty towards it adds nothing of its own.
 *
 * @param advantage 1 or -1
 * @param points in the order of the ratio
 */
public record RatioCurve(int advantage, Seq<Point> points) {
  /** The largest ratio that is drawn: π stays below 1 there. */
  public static final double LARGEST = 4;

  private static final double OLD = 0.2;

  private static final double ENTROPY = 0.5;
  private static final String ADVANTAGE = "A";

  /**
   * A point of it.
   *
   * @param ratio π / π_old
   * @param loss what is minimised
   * @param slope dL/dlog π of the token
   */
  public record Point(double ratio, double loss, double slope) {}

  /**
   * {@return the curve at A = 1 and the one at A = -1; why there is none where the objective has no
   * advantage, or reads more than probabilities of the sampled token}
   *
   * @param loss the objective, with its parameters at their defaults
   * @param steps how many points; a multiple of 20 has 1 and the usual bounds among them
   */
  public static Either<String, Seq<RatioCurve>> of(Loss loss, int steps) {
    Seq<Node> advantages = Graph.below(loss).filter(RatioCurve::isAdvantage);
    if (advantages.isEmpty()) {
      return Either.left(
          "no term of it is named A, as the advantage is to be: advantage.as(\"A\")");
    }
    Set<String> unknown = reads(at(loss, 1)).removeAll(there());
    if (!unknown.isEmpty()) {
      return Either.left(
          "beside the advantage it reads " + unknown.toList().sorted().mkString(", "));
    }
    return List.of(1, 2)
        .iterator()
        .map(responses -> List.of(1, -1).map(advantage -> curve(loss, advantage, responses, steps)))
        .find(curves -> curves.exists(curve -> curve.points.exists(point -> point.slope != 0)))
        .<Either<String, Seq<RatioCurve>>>map(Either::right)
        .getOrElse(Either.left("nothing of it has a gradient at log π of the sampled token"));
  }

  /** The columns that must be there: of the policy its statistics, and what nothing stands for. */
  private static Set<String> reads(Loss loss) {
    Set<String> given =
        Inputs.of(loss.parts().values().map(Term::node))
            .columns()
            .reject(input -> input.name().equals(Columns.LOG_PI) || input.otherwise().isDefined())
            .map(Node.Input::name)
            .toSet();
    return given.addAll(StatisticsSplit.of(loss, given.addAll(there())).statistics().keySet());
  }

  private static boolean isAdvantage(Node node) {
    return node instanceof Node.Named named
        && named.symbol().equals(ADVANTAGE)
        && !named.condition()
        && !named.level().finerThan(Level.Name.TOKEN);
  }

  /** The parts of an objective in which the advantage is a number. */
  private static Loss at(Loss loss, int advantage) {
    Fold<Node> given =
        new Fold<>(
            new Rebuild() {
              @Override
              public Node named(Node.Named node, Node of) {
                return isAdvantage(node)
                    ? Nodes.constant(advantage, node.level())
                    : super.named(node, of);
              }
            });
    Map<String, Node> parts = loss.parts().mapValues(part -> given.of(part.node()));
    return Loss.of(parts, LinkedHashMap.empty(), loss.trains());
  }

  private static RatioCurve curve(Loss loss, int advantage, int responses, int steps) {
    BoundLoss bound = BoundLoss.of(at(loss, advantage), Surface.STATISTICS, there());
    Seq<Point> points =
        Vector.ofAll(IntStream.rangeClosed(1, steps).boxed().toList())
            .map(step -> point(bound, LARGEST * step / steps, responses));
    return new RatioCurve(advantage, points);
  }

  private static Point point(BoundLoss bound, double ratio, int responses) {
    Reference reference = new Reference(token(ratio, responses), HashMap.empty());
    double slope =
        bound.gradients().get(Columns.LOG_PROB).map(node -> reference.of(node)[0]).getOrElse(0.0);
    return new Point(ratio, reference.number(bound.value()), slope);
  }

  private static Samples token(double ratio, int responses) {
    int[] lengths = new int[responses];
    lengths[0] = 1;
    double[] rewards = IntStream.range(0, responses).asDoubleStream().toArray();
    SamplesBuilder builder =
        new SamplesBuilder(lengths, new int[responses])
            .column(Columns.REWARD, Level.Name.SEQUENCE, rewards);
    return columns(ratio)
        .foldLeft(
            builder,
            (all, column) -> all.column(column._1, Level.Name.TOKEN, new double[] {column._2}))
        .build();
  }

  private static Set<String> there() {
    return columns(1).keySet().add(Columns.REWARD);
  }

  /** What the token has, by name. */
  private static Map<String, Double> columns(double ratio) {
    double old = Math.log(OLD);
    double now = Math.log(OLD * ratio);
    return HashMap.of(
        Columns.LOG_PROB, now,
        Columns.REFERENCE_LOG_PROB, now,
        Columns.OLD_LOG_PROB, old,
        Columns.ROLLOUT_LOG_PROB, old,
        Columns.ENTROPY, ENTROPY);
  }
}
