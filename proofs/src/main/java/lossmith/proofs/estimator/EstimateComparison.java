package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import lossmith.proofs.estimator.EstimateProbes.EstimateProbe;
import lossmith.proofs.estimator.ResponseEstimate.Lone;

/** An estimate's numbers beside those of known estimators. */
final class EstimateComparison {
  /** Two orders of summation. */
  private static final double EXACT = 1e-9;

  /** A constant in float32, such as 1 + 1e-6 beside numbers in float64. */
  private static final double FINE = 1e-7;

  /** A constant that keeps a std from 0 in a way that nobody has named. */
  private static final double ROUGH = 2e-3;

  /** How many of the tokens of ordinary batches agree where an estimate is nearly another. */
  private static final double MOST = 0.75;

  private final EstimateProbes probes;
  private final Seq<Estimate> named;
  private final Seq<Estimate> others;
  private final IdentityHashMap<Estimate, Double> known = new IdentityHashMap<>();

  EstimateComparison(EstimateProbes probes, Seq<? extends Estimate> all) {
    var both = List.<Estimate>narrow(List.ofAll(all)).partition(Estimate::named);
    this.probes = probes;
    this.named = both._1;
    this.others = both._2;
  }

  /** How far it is from an estimator on ordinary batches, beside the size of that. */
  private double apart(Estimate one) {
    return known.computeIfAbsent(
        one,
        some -> {
          double most = 0;
          for (EstimateProbe probe : probes.ordinary()) {
            double[] expected = some.of(probe.batch());
            double size = size(expected, probe);
            for (int t : probe.compared()) {
              most = Math.max(most, Math.abs(probe.estimate()[t] - expected[t]) / size);
            }
            if (!(most <= ROUGH)) {
              return Double.POSITIVE_INFINITY;
            }
          }
          return most;
        });
  }

  /** The named estimator that it is, or what it is near to. */
  Option<Found> found() {
    return exactly(EXACT)
        .orElse(() -> exactly(FINE))
        .orElse(() -> exactly(ROUGH))
        .orElse(() -> wrong(EXACT))
        .orElse(() -> wrong(ROUGH))
        .orElse(this::nearly);
  }

  /** What was found: a name, or a difference; and how nearly. */
  record Found(boolean named, String words, double within) {}

  private Option<Found> exactly(double tolerance) {
    Seq<Estimate> those = named.filter(one -> apart(one) <= tolerance);
    if (those.isEmpty()) {
      return Option.none();
    }
    Seq<Estimate> conventions = those.flatMap(EstimateComparison::conventions);
    return conventions
        .find(one -> failing(one, tolerance).isEmpty())
        .map(one -> new Found(true, one.words(), tolerance))
        .orElse(
            () ->
                conventions
                    .minBy(one -> failing(one, tolerance).size())
                    .map(
                        one ->
                            new Found(
                                false,
                                "as "
                                    + one.words()
                                    + ", but not "
                                    + failing(one, tolerance).mkString(", nor "),
                                tolerance)));
  }

  /**
   * Of a response that is alone trainers say different things; without others no mean is theirs.
   */
  private static Seq<Estimate> conventions(Estimate one) {
    return one instanceof ResponseEstimate of && of.centre().ofGroup()
        ? List.of(Lone.values())
            .reject(lone -> lone == Lone.FORMULA && of.centre() == Centre.OTHERS)
            .map(of::with)
        : List.of(one);
  }

  /** The peculiar batches on which it is another, with what it is there. */
  private Seq<String> failing(Estimate one, double tolerance) {
    return probes
        .peculiar()
        .filter(probe -> !agrees(one, probe, Math.max(tolerance, FINE)))
        .map(probe -> probe.where() + first(one, probe, Math.max(tolerance, FINE)));
  }

  private static String first(Estimate one, EstimateProbe probe, double tolerance) {
    double[] expected = one.of(probe.batch());
    double size = size(expected, probe);
    return List.ofAll(probe.compared())
        .find(t -> !near(probe.estimate()[t], expected[t], size, tolerance))
        .map(t -> " (" + (float) probe.estimate()[t] + " for " + (float) expected[t] + ")")
        .getOrElse("");
  }

  private Option<Found> wrong(double tolerance) {
    return others
        .find(one -> apart(one) <= tolerance)
        .flatMap(Estimate::difference)
        .map(words -> new Found(false, words, tolerance));
  }

  private static boolean agrees(Estimate one, EstimateProbe probe, double tolerance) {
    double[] expected = one.of(probe.batch());
    double size = size(expected, probe);
    for (int t : probe.compared()) {
      if (!near(probe.estimate()[t], expected[t], size, tolerance)) {
        return false;
      }
    }
    return true;
  }

  private static double size(double[] expected, EstimateProbe probe) {
    double most = 0;
    for (int t : probe.compared()) {
      most = Math.max(most, Math.abs(expected[t]));
    }
    return 1e-3 + most;
  }

  private static boolean near(double x, double y, double size, double tolerance) {
    return Math.abs(x - y) <= tolerance * size;
  }

  /** The same times a number and moved by one, or one that agrees at most tokens. */
  private Option<Found> nearly() {
    Seq<Estimate> telling = named.reject(EstimateComparison::isTrivial);
    return telling
        .iterator()
        .flatMap(this::affine)
        .headOption()
        .orElse(
            () ->
                telling
                    .find(one -> share(one) >= MOST)
                    .map(
                        one ->
                            new Found(
                                false,
                                "as "
                                    + one.words()
                                    + " at "
                                    + Math.round(100 * share(one))
                                    + " % of the tokens, and not at the others",
                                EXACT)));
  }

  /** Whether it says nothing: what was earned, as it is. */
  private static boolean isTrivial(Estimate one) {
    return (one instanceof ResponseEstimate of
            && of.centre() == Centre.NOTHING
            && of.whitened() == ResponseEstimate.Whitened.NOT)
        || (one instanceof TokenEstimate token && token.kind() == TokenEstimate.Kind.OWN_REWARD);
  }

  private double share(Estimate one) {
    int agreeing = 0;
    int compared = 0;
    for (EstimateProbe probe : probes.ordinary()) {
      double[] expected = one.of(probe.batch());
      double size = size(expected, probe);
      for (int t : probe.compared()) {
        compared++;
        agreeing += near(probe.estimate()[t], expected[t], size, FINE) ? 1 : 0;
      }
    }
    return compared == 0 ? 0 : agreeing / (double) compared;
  }

  /** a·X + b, the same a and b on every ordinary batch; a multiple of X is X in other units. */
  private Option<Found> affine(Estimate one) {
    EstimateProbe first = probes.ordinary().head();
    double[] x = one.of(first.batch());
    int[] at = first.compared();
    if (at.length < 2) {
      return Option.none();
    }
    int low = at[0];
    int high = at[0];
    for (int t : at) {
      low = x[t] < x[low] ? t : low;
      high = x[t] > x[high] ? t : high;
    }
    double a = (first.estimate()[high] - first.estimate()[low]) / (x[high] - x[low]);
    double b = first.estimate()[low] - a * x[low];
    boolean fits =
        a != 0
            && Double.isFinite(a)
            && Double.isFinite(b)
            && probes.ordinary().forAll(probe -> fits(one, probe, a, b));
    return Option.when(fits, () -> moved(one.words(), a, b));
  }

  private static Found moved(String words, double a, double b) {
    String times = Math.abs(a - 1) > EXACT ? "times " + (float) a : "";
    if (a > 0 && Math.abs(b) <= EXACT) {
      return new Found(true, words + ", " + times, EXACT);
    }
    String by = Math.abs(b) > EXACT ? "moved by " + (float) b : "";
    return new Found(
        false,
        "as " + words + ", but " + List.of(times, by).reject(String::isEmpty).mkString(" and "),
        EXACT);
  }

  private static boolean fits(Estimate one, EstimateProbe probe, double a, double b) {
    double[] expected = one.of(probe.batch());
    double size = Math.abs(a) * size(expected, probe) + Math.abs(b);
    for (int t : probe.compared()) {
      if (!near(probe.estimate()[t], a * expected[t] + b, size, EXACT)) {
        return false;
      }
    }
    return true;
  }
}
