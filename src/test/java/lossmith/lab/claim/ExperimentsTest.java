package lossmith.lab.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import lossmith.lab.Trainable;
import lossmith.lab.claim.Conclusion.Answer;
import lossmith.lab.claim.Experiment.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentsTest {
  /** Student's sleep data (1908): hours gained by the second drug over the first. */
  private static final double[] GAINED = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};

  @Test
  void everyExperimentHasItsRunsAndEveryRunItsExperiment() {
    Seq<Experiment> all = Experiments.all();
    assertEquals(all.size(), all.map(Experiment::name).distinct().size());
    assertEquals(
        Treatments.all().map(Treatment::name).toSet(),
        HashSet.ofAll(all.flatMap(Experiment::treatments)));
  }

  @Test
  void everyTreatmentCanBeTrained() {
    for (Treatment one : Treatments.all()) {
      Trainable trained = new Trainable(one.name(), one.loss());
      for (String set : one.parameters().keySet()) {
        assertTrue(
            trained.loss().parameters().exists(parameter -> parameter.name().equals(set)),
            one.name() + " " + set);
      }
    }
  }

  /** Whatever is opposite is not seen. */
  @Test
  void noEffectIsBothSeenAndOpposite() {
    for (Experiment one : Experiments.all()) {
      for (double effect = -20; effect < 20; effect += 0.0078125) {
        assertFalse(
            one.seen().holds(effect, effect) && one.opposite().holds(effect, effect), one.name());
      }
    }
  }

  private static Experiment hours(Region seen, Region opposite) {
    return new Experiment(
        "hours",
        "the drug helps",
        "Student",
        List.of("drug"),
        "hours",
        new Experiment.Figure("step", List.of("hours")),
        runs -> runs.end("drug", "hours"),
        seen,
        opposite);
  }

  private static Seq<SeedRuns> seeds(double... hours) {
    return Vector.ofAll(hours)
        .map(
            one ->
                new SeedRuns(LinkedHashMap.of("drug", Vector.of(LinkedHashMap.of("hours", one)))));
  }

  /** The published interval of the mean is 0.7001142 to 2.4598858. */
  @ParameterizedTest
  @CsvSource({
    "0.70, -1, SEEN",
    "0.71, -1, NOT_SEEN",
    "5, 2.47, OPPOSITE",
    "5, 2.45, NOT_SEEN",
  })
  void theWholePublishedIntervalDecides(double above, double below, Answer answer) {
    Conclusion found =
        Conclusion.of(hours(Region.above(above), Region.below(below)), seeds(GAINED));
    assertEquals(1.58, found.mean(), 1e-12);
    assertEquals(0.7001142, found.low(), 1e-7);
    assertEquals(2.4598858, found.high(), 1e-7);
    assertEquals(answer, found.answer());
  }

  @Test
  void fourSeedsDecideNothingAndASeedWithoutItsRunIsLeftOut() {
    Seq<SeedRuns> four = seeds(1, 1.1, 1, 1.1).append(new SeedRuns(LinkedHashMap.empty()));
    Conclusion found = Conclusion.of(hours(Region.above(0), Region.below(0)), four);
    assertEquals(4, found.effects().size());
    assertEquals(Answer.OPEN, found.answer());
  }

  /** Ninety steps: a number that falls from 8 by 0.1 a step, and one that stands still. */
  private static SeedRuns fallingAndLevel() {
    return new SeedRuns(LinkedHashMap.of("a", steps(0.1), "b", steps(0)));
  }

  private static Seq<Map<String, Double>> steps(double fall) {
    return Vector.range(0, 91)
        .map(
            step -> {
              Map<String, Double> row =
                  step == 0
                      ? LinkedHashMap.empty()
                      : LinkedHashMap.of("actor/entropy", 10 - fall * step);
              return step % 15 == 0 ? row.put("val-core/t/pass@1", step * fall) : row;
            });
  }

  @Test
  void partsOfARunAreThoseOfItsSteps() {
    SeedRuns runs = fallingAndLevel();
    // Of steps 1 to 90: the last nine, the first four or five, the first thirty.
    assertEquals(10 - 0.1 * 86, runs.end("a", "actor/entropy"), 1e-12);
    assertEquals(10 - 0.1 * 3, runs.start("a", "actor/entropy"), 1e-12);
    assertEquals(10 - 0.1 * 15.5, runs.early("a", "actor/entropy"), 1e-12);
    assertEquals(10 - 0.1 * 45.5, runs.throughout("a", "actor/entropy"), 1e-12);
    assertEquals(1.4 / 10 - 1, runs.moreEntropy("a", "b"), 1e-12);
    assertEquals(9, runs.held("a", "/pass@1"), 1e-12);
    assertEquals(9 - 6, runs.lateGain("a", "/pass@1"), 1e-12);
    // A steady fall: from step 3 on average to 28, of all the way to 86.
    assertEquals(25.0 / 83, runs.shareOfFirstThird("a", "actor/entropy"), 1e-12);
  }
}
