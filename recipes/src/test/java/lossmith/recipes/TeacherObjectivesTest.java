package lossmith.recipes;

import static lossmith.dsl.Terms.minimise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.distil.DistilAdaptiveKl;
import lossmith.recipes.distil.DistilForward;
import lossmith.recipes.distil.DistilMixed;
import lossmith.recipes.distil.DistilSkewForward;
import lossmith.recipes.distil.DistilSkewReverse;
import lossmith.recipes.distil.DistilTopK;
import lossmith.recipes.distil.DistilTopKMixed;
import lossmith.recipes.distil.DistilTopKReverse;
import lossmith.recipes.distil.DistilTopKTail;
import lossmith.recipes.distil.DistilUld;
import lossmith.recipes.distil.IwOpd;
import lossmith.recipes.distil.MiniLlm;
import lossmith.recipes.distil.Opd;
import lossmith.recipes.distil.Sdpo;
import lossmith.recipes.offpolicy.Dft;
import org.junit.jupiter.api.Test;

/**
 * Objectives with a teacher, of three tokens of one response and of rows of four entries.
 *
 * <p>Long because each objective stands beside its loops.
 */
final class TeacherObjectivesTest {
  private static final Conventions PAPER = Conventions.paper();
  private static final double[] OLD = {-1, -2, -3};

  /** The teacher is 0.5 above, 1 below and 3 above what the policy sampled with. */
  private static SamplesBuilder taught(double... logProb) {
    return new SamplesBuilder(new int[] {3}, new int[] {0})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, OLD)
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[] {-0.5, -3, 0});
  }

  @Test
  void theTeachersGapIsWeightedByTheRatio() {
    Samples samples = taught(-1 + Math.log(2), -2, -3).build();
    assertEquals(-(2 * 0.5 - 1 + 3) / 3, Small.value(new Opd().loss(PAPER), samples), 1e-15);
    assertArrayEquals(
        new double[] {-2 * 0.5 / 3, 1 / 3.0, -1},
        Small.gradient(new Opd().loss(PAPER), samples),
        1e-15);
  }

  @Test
  void aPrefixThatIsFarMakesTheRestCountLess() {
    // |d| = 0.5, 1, 3: before the tokens lie 0, 0.5 and 1.5 of 4.5
    double[] expected = {-1.5 * 0.5 / 3, (1 + 0.5 * 4 / 4.5) / 3, -(1 + 0.5 * 3 / 4.5)};
    assertArrayEquals(
        expected, Small.gradient(new IwOpd().loss(PAPER), taught(OLD).build()), 1e-15);
  }

  @Test
  void whatFollowsATokenIsItsAdvantage() {
    Loss after = minimise(new MiniLlm().loss(PAPER).parts().get("after").get());
    assertArrayEquals(
        new double[] {-(-1 + 3) / 2.0 / 3, -3 / 3.0, 0},
        Small.gradient(after, taught(OLD).build()),
        1e-15);
  }

  private static Grid rows(double... p) {
    return Grid.of(Arrays.stream(p).map(Math::log).toArray(), 4);
  }

  /** One token of a policy 0.4, 0.3, 0.2, 0.1 and a teacher. */
  private static Samples sample(double... teacher) {
    return new SamplesBuilder(new int[] {1}, new int[] {0})
        .sampled(new int[] {1})
        .grid(BoundLoss.LOGITS, rows(0.4, 0.3, 0.2, 0.1))
        .grid(Columns.REFERENCE_LOG_PI, rows(teacher))
        .build();
  }

  private static BoundLoss bound(Recipe recipe, Samples samples) {
    return BoundLoss.of(
        recipe.loss(PAPER), Surface.LOGITS, samples.columns().addAll(samples.grids()));
  }

  private static double row(Recipe recipe, Map<String, Double> parameters, double... teacher) {
    Samples samples = sample(teacher);
    return new Reference(samples, parameters).number(bound(recipe, samples).value());
  }

  private static double kl(double[] p, double[] q) {
    double sum = 0;
    for (int v = 0; v < p.length; v++) {
      sum += p[v] * Math.log(p[v] / q[v]);
    }
    return sum;
  }

  private static double[] mixed(double share, double[] p, double[] q) {
    double[] m = new double[p.length];
    Arrays.setAll(m, v -> share * p[v] + (1 - share) * q[v]);
    return m;
  }

  private static final double[] PI = {0.4, 0.3, 0.2, 0.1};
  private static final double[] TEACHER = {0.1, 0.1, 0.2, 0.6};

  @Test
  void mixedAndSkewedDivergences() {
    assertEquals(
        0.25 * kl(TEACHER, PI) + 0.75 * kl(PI, TEACHER),
        row(new DistilMixed(), HashMap.of("forward_weight", 0.25), TEACHER),
        1e-12);
    assertEquals(
        kl(TEACHER, mixed(0.1, TEACHER, PI)),
        row(new DistilSkewForward(), HashMap.empty(), TEACHER),
        1e-12);
    assertEquals(
        kl(PI, mixed(0.1, PI, TEACHER)),
        row(new DistilSkewReverse(), HashMap.empty(), TEACHER),
        1e-12);
  }

  /**
   * ROLL 8eb27cc2, VariousDivergence.compute_adaptive_kl_divergence, run with PyTorch 2.13, its
   * float32 replaced by float64: value and gradient by the logits.
   */
  @Test
  void bothDivergencesAreWeighedAsInRoll() {
    adaptive(
        0.1,
        0.7462027384814991,
        new double[] {
          0.2141073230525304, 0.26827525850562234, -0.08439497869003162, -0.39798760286812124
        });
    adaptive(
        0.3,
        0.7357204998164735,
        new double[] {
          0.17821464610506083, 0.28655051701124484, -0.11878995738006322, -0.3459752057362424
        });
    adaptive(
        0.5,
        0.7336240520834684,
        new double[] {
          0.1710361107155669, 0.29020556871236936, -0.12566895311806955, -0.3355727263098667
        });
  }

  private static void adaptive(double tailMass, double value, double[] gradient) {
    Samples samples = sample(0.15, 0.05, 0.25, 0.55);
    BoundLoss bound = bound(new DistilAdaptiveKl(), samples);
    Reference reference = new Reference(samples, HashMap.of("tail_mass", tailMass));
    assertEquals(value, reference.number(bound.value()), 1e-12);
    assertArrayEquals(gradient, reference.of(bound.gradients().get(BoundLoss.LOGITS).get()), 1e-12);
  }

  /** The two entries of 0.2 have 0.4 + 0.1 at or below them: both are of the tail, or neither. */
  @Test
  void equallyProbableEntriesAreOfOneTail() {
    double[] teacher = {0.2, 0.2, 0.1, 0.5};
    // gaps 0.2, 0.1, 0.1, 0.4
    assertEquals(
        (7 * kl(teacher, PI) + kl(PI, teacher)) / 8,
        row(new DistilAdaptiveKl(), HashMap.of("tail_mass", 0.4), teacher),
        1e-12);
    assertEquals(
        (kl(teacher, PI) + kl(PI, teacher)) / 2,
        row(new DistilAdaptiveKl(), HashMap.of("tail_mass", 0.6), teacher),
        1e-12);
  }

  @Test
  void aPolicyThatIsItsTeacherHasNothingToWeigh() {
    assertEquals(0, row(new DistilAdaptiveKl(), HashMap.empty(), PI), 1e-15);
  }

  /** Two tokens and a teacher of two entries; what NeMo-RL's DistillationLossFn gives. */
  private static void few(Recipe recipe, double loss, double... gradient) {
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .sampled(new int[] {1, 0})
            .grid(BoundLoss.LOGITS, rows(0.1, 0.2, 0.3, 0.4, 0.25, 0.25, 0.4, 0.1))
            .grid(Columns.REFERENCE_LOG_PI, rows(0.4, 0.3, 0.2, 0.1, 0.05, 0.15, 0.45, 0.35))
            .build();
    BoundLoss bound =
        BoundLoss.of(recipe.loss(PAPER), Surface.LOGITS, samples.columns().addAll(samples.grids()));
    Reference reference = new Reference(samples, HashMap.of("k", 2.0));
    assertEquals(loss, reference.number(bound.value()), 1e-12);
    assertArrayEquals(
        gradient,
        reference.of(bound.gradients().get(BoundLoss.LOGITS).get()),
        1e-12,
        recipe.name());
  }

  @Test
  void aTeacherOfTwoEntriesMakesAllOthersAsGoodAsImpossible() {
    few(
        new DistilTopKReverse(),
        58.98422922885408,
        -3.534426811504797,
        -6.970770697708421,
        4.47756904059551,
        6.0276284686177055,
        6.198851763276155,
        6.198851763276155,
        -9.872763623928288,
        -2.5249399026240225);
    few(
        new DistilTopKMixed(),
        30.032138169051642,
        -1.8850705486095414,
        -3.5425282059970673,
        2.3137845202977547,
        3.1138142343088524,
        3.1619258816380773,
        3.1619258816380773,
        -4.977006811964144,
        -1.346844951312011);
  }

  private static double ofTwoBest(Recipe recipe, double[] policy, double... teacher) {
    Samples samples =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .sampled(new int[] {1})
            .grid(BoundLoss.LOGITS, rows(policy))
            .grid(Columns.REFERENCE_LOG_PI, rows(teacher))
            .build();
    return new Reference(samples, HashMap.of("k", 2.0)).number(bound(recipe, samples).value());
  }

  /** Two of four entries: a truncated sum may be negative, the rest as one bucket makes it a KL. */
  @Test
  void whatIsTruncatedIsNoDivergenceAndTheTailIsOne() {
    double[] p = {0.6, 0.2, 0.1, 0.1};
    double[] q = {0.7, 0.25, 0.03, 0.02};
    double truncated = 0.6 * Math.log(0.6 / 0.7) + 0.2 * Math.log(0.2 / 0.25);
    assertEquals(-0.13712, truncated, 5e-6);
    assertEquals(truncated, ofTwoBest(new DistilTopK(), q, p), 1e-15);
    double bucket = truncated + 0.2 * Math.log(0.2 / 0.05);
    assertEquals(0.14014, bucket, 5e-6);
    assertEquals(bucket, ofTwoBest(new DistilTopKTail(), q, p), 1e-15);
    double full = truncated + 0.1 * Math.log(0.1 / 0.03) + 0.1 * Math.log(0.1 / 0.02);
    assertEquals(0.14422, full, 5e-6);
    assertEquals(full, ofTwoBest(new DistilForward(), q, p), 1e-15);
    // the policy that is its teacher: the truncated sum is 0, and yet not least there
    assertEquals(0, ofTwoBest(new DistilTopK(), p, p), 1e-15);
    assertEquals(0, ofTwoBest(new DistilTopKTail(), p, p), 1e-15);
    double[] few = {0.75, 0.25, 1e-9, 1e-9};
    assertEquals(0.8 * Math.log(0.8), ofTwoBest(new DistilTopK(), few, p), 1e-8);
    assertEquals(
        0.8 * Math.log(0.8) + 0.2 * Math.log(0.2 / 2e-9),
        ofTwoBest(new DistilTopKTail(), few, p),
        1e-8);
    // all entries: nothing is left for the bucket
    double all = kl(p, PI);
    assertEquals(all, row(new DistilTopKTail(), HashMap.of("k", 4.0), p), 1e-15);
    // the teacher's k entries have 0.8 of it
    Samples samples = sample(p);
    assertEquals(
        0.8,
        new Reference(samples, HashMap.of("k", 2.0))
            .number(bound(new DistilTopK(), samples).metrics().get("teacher_mass").get()),
        1e-15);
  }

  @Test
  void sortedProbabilitiesForgetWhichEntryIsWhich() {
    assertEquals(0, row(new DistilUld(), HashMap.empty(), 0.1, 0.4, 0.2, 0.3), 1e-15);
    assertEquals(0.2 + 0.1 + 0.1, row(new DistilUld(), HashMap.empty(), TEACHER), 1e-12);
  }

  @Test
  void whatIsNotAmongTheBestIsOneBucket() {
    double[] p = {0.4, 0.3, 0.3};
    double[] q = {0.1, 0.1, 0.8};
    double[] m = mixed(0.5, p, q);
    double expected = (kl(p, m) + kl(q, m)) / 2;
    assertEquals(expected, row(new Sdpo(), HashMap.of("k", 2.0), TEACHER), 1e-12);
    double[] all = mixed(0.5, PI, TEACHER);
    double whole = (kl(PI, all) + kl(TEACHER, all)) / 2;
    assertEquals(whole, row(new Sdpo(), HashMap.empty(), TEACHER), 1e-12);
  }

  @Test
  void aTokenOfSupervisionCountsByItsProbability() {
    Samples samples = taught(Math.log(0.5), Math.log(0.25), 0).build();
    assertArrayEquals(
        new double[] {-0.5 / 3, -0.25 / 3, -1 / 3.0},
        Small.gradient(new Dft().loss(PAPER), samples),
        1e-15);
  }
}
