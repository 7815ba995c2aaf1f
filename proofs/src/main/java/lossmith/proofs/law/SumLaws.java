package lossmith.proofs.law;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Parameter;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** A loss beside another is what it is alone, and a loss times a number is that many times it. */
public final class SumLaws {
  /** By what a loss is multiplied. */
  public static final double FACTOR = 3;

  private static final String BESIDE = "_beside";
  private static final String ROUNDING =
      "the same numbers in float64; 1e-9 of the summands leaves room for another order of"
          + " summation";

  private SumLaws() {}

  /**
   * A loss is added to itself, its parameters under other names and with other values.
   *
   * @param plus how two losses are added
   */
  public static Law adds(BinaryOperator<Loss> plus) {
    return new Law(
            "plus-adds",
            "beside the same loss with other names and values of its parameters, value and gradient"
                + " are the sum of both, and both have the metrics that they have alone",
            "(L + L')(p, p') = L(p) + L(p')",
            1e-9,
            ROUNDING,
            (subject, trial, tolerance) ->
                MeaningLaws.surfaces(
                    trial, surface -> added(subject, trial, surface, tolerance, plus)))
        .once();
  }

  /**
   * A loss is multiplied.
   *
   * @param scaled makes the loss times {@link #FACTOR}
   */
  public static Law scales(UnaryOperator<Loss> scaled) {
    return new Law(
            "scaling-scales",
            "a loss times 3 has three times the value and three times the gradient",
            "(3·L)(x) = 3·L(x)",
            1e-9,
            ROUNDING,
            (subject, trial, tolerance) ->
                MeaningLaws.surfaces(
                    trial, surface -> multiplied(subject, trial, surface, tolerance, scaled)))
        .once();
  }

  private static Seq<Violation> added(
      Subject subject, Trial trial, Surface surface, double tolerance, BinaryOperator<Loss> plus) {
    Loss loss = subject.loss();
    Seq<Parameter> parameters = loss.parameters();
    Loss beside = parameters.foldLeft(loss, (all, p) -> all.renamed(p.name(), p.name() + BESIDE));
    Map<String, Double> others =
        parameters.toLinkedMap(p -> Tuple.of(p.name(), another(p.range())));
    Trial there =
        trial(
            trial, trial.parameters().filterKeys(name -> !others.containsKey(name)).merge(others));
    if (surface == Surface.STATISTICS && !drawn(plus.apply(loss, beside), trial)) {
      return List.empty();
    }
    Map<String, Double> both = trial.parameters().merge(others.mapKeys(name -> name + BESIDE));
    Numbers sum =
        Numbers.of(bound(plus.apply(loss, beside), surface, trial.samples()), trial(trial, both));
    BoundLoss alone = bound(subject.loss(), surface, trial.samples());
    Numbers left = Numbers.of(alone, trial);
    Numbers right = Numbers.of(alone, there);
    double scale = scale(subject.on(trial), alone) + scale(subject.on(there), alone);
    return sum.differences(left.plus(right), surface, tolerance * scale)
        .appendAll(lost(sum, left, surface))
        .appendAll(lost(sum, right, surface));
  }

  private static Seq<Violation> multiplied(
      Subject subject, Trial trial, Surface surface, double tolerance, UnaryOperator<Loss> scaled) {
    Loss times = scaled.apply(subject.loss());
    if (surface == Surface.STATISTICS && !drawn(times, trial)) {
      return List.empty();
    }
    BoundLoss alone = bound(subject.loss(), surface, trial.samples());
    BoundLoss larger = bound(times, surface, trial.samples());
    double allowed = FACTOR * tolerance * scale(subject.on(trial), alone);
    return Numbers.of(larger, trial)
        .differences(Numbers.of(alone, trial).times(FACTOR), surface, allowed);
  }

  /**
   * Whether a case has a column for each statistic: under another name a parameter makes others.
   */
  private static boolean drawn(Loss loss, Trial trial) {
    Set<String> columns = trial.samples().columns();
    return columns.containsAll(StatisticsSplit.of(loss, columns).statistics().keySet());
  }

  private static BoundLoss bound(Loss loss, Surface surface, Samples samples) {
    return BoundLoss.of(loss, surface, samples.columns().addAll(samples.grids()));
  }

  private static Trial trial(Trial trial, Map<String, Double> parameters) {
    return new Trial(trial.seed(), trial.kind(), trial.samples(), parameters);
  }

  /** A legal value near the default, but not the default. */
  private static double another(Range range) {
    double up = Math.min(range.high(), range.initial() + 1) - range.initial();
    double down = range.initial() - Math.max(range.low(), range.initial() - 1);
    return up > 0 ? range.initial() + 0.3 * up : range.initial() - 0.3 * down;
  }

  /** The largest scale of value and gradients. */
  private static double scale(Evaluations known, BoundLoss bound) {
    return bound.gradients().values().prepend(bound.value()).map(known::scale).max().get();
  }

  /** The metrics of one summand that the sum does not have, neither by their name nor numbered. */
  private static Seq<Violation> lost(Numbers sum, Numbers one, Surface surface) {
    return List.ofAll(one.metrics)
        .reject(
            metric ->
                sum.metrics.exists(
                    m ->
                        m._1.replaceFirst("_\\d+$", "").equals(metric._1.replaceFirst("_\\d+$", ""))
                            && m._2.equals(metric._2)))
        .map(metric -> new Violation.Fact(metric._1 + " is lost or changed at " + surface));
  }

  /** What a loss is on one case. */
  private record Numbers(
      double value, Map<String, double[]> gradients, Map<String, Double> metrics) {
    static Numbers of(BoundLoss bound, Trial trial) {
      Reference reference = new Reference(trial.samples(), trial.parameters());
      Map<String, Node> gradients = bound.gradients();
      return new Numbers(
          reference.number(bound.value()),
          gradients.mapValues(reference::of),
          bound.metrics().mapValues(reference::number));
    }

    Numbers plus(Numbers other) {
      return new Numbers(
          value + other.value, gradients.merge(other.gradients, Numbers::sum), metrics);
    }

    Numbers times(double factor) {
      return new Numbers(
          factor * value,
          gradients.mapValues(g -> Arrays.stream(g).map(x -> factor * x).toArray()),
          metrics);
    }

    Seq<Violation> differences(Numbers expected, Surface surface, double allowed) {
      return Violation.between("value at " + surface, value, expected.value, allowed)
          .appendAll(
              List.ofAll(expected.gradients)
                  .flatMap(
                      g ->
                          Violation.between(
                              "d/d" + g._1 + " at " + surface,
                              gradients.getOrElse(g._1, new double[0]),
                              g._2,
                              allowed)));
    }

    private static double[] sum(double[] left, double[] right) {
      double[] sum = left.clone();
      Arrays.setAll(sum, i -> left[i] + right[i]);
      return sum;
    }
  }
}
