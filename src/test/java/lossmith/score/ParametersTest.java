package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/** No value of a parameter is left aside without a word. */
class ParametersTest {
  private static final Loss GRPO = named("grpo");
  private static final Loss DPO = named("dpo");
  private static final Samples SAMPLES = Rollouts.of(GRPO.plus(DPO), new Random(1));

  private static Loss named(String name) {
    return Recipes.all().find(recipe -> recipe.name().equals(name)).get().loss(Conventions.paper());
  }

  private static Scorer scorer(Map<String, Double> parameters) {
    return new Scorer(SAMPLES, parameters, Precision.FLOAT64);
  }

  private static List<Problem> refused(Runnable run) {
    return List.ofAll(assertThrows(ProblemException.class, run::run).problems());
  }

  private static List<Problem> refused(Map<String, Double> parameters) {
    return refused(() -> assertEquals(0, scorer(parameters).score("grpo", GRPO).loss()));
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearest() {
    List<Problem> problems = refused(HashMap.of("clip_hihg", 0.1));
    assertEquals(1, problems.size());
    assertTrue(problems.head().wrote().contains("did you mean clip_high?"), problems::toString);
    assertTrue(problems.head().expected().contains("clip_low"), problems::toString);
  }

  @Test
  void aValueOutOfRangeIsRefused() {
    List<Problem> problems = refused(HashMap.of("clip_low", 7.0));
    assertTrue(problems.head().wrote().contains("clip_low = 7.0"), problems::toString);
    assertTrue(problems.head().expected().contains("[0.0, 1.0]"), problems::toString);
    assertEquals(1, refused(HashMap.of("clip_low", Double.NaN)).size());
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertEquals(2, refused(HashMap.of("clip_low", -1.0, "beta", 0.1)).size());
  }

  /** beta is dpo's and not grpo's: right for both together, wrong for grpo alone. */
  @Test
  void amongSeveralAParameterIsOneOfAnyOfThem() {
    Scorer scorer = scorer(HashMap.of("beta", 0.5));
    Scorer several = scorer.among(List.of(GRPO, DPO));
    assertEquals(
        scorer(HashMap.empty()).score("grpo", GRPO).loss(),
        several.score("grpo", GRPO).loss(),
        1e-15);
    assertEquals(scorer.score("dpo", DPO).loss(), several.score("dpo", DPO).loss(), 1e-15);
    assertTrue(
        Math.abs(
                scorer(HashMap.empty()).score("dpo", DPO).loss() - several.score("dpo", DPO).loss())
            > 1e-3);
    assertEquals(1, refused(HashMap.of("beta", 0.5)).size());
    assertEquals(
        1,
        refused(
                () ->
                    assertEquals(
                        1, scorer(HashMap.of("gama", 1.0)).among(List.of(GRPO, DPO)).temperature()))
            .size());
  }

  /** The part's own names are told where the common name stands for neither. */
  @Test
  void anAmbiguousNameIsRefusedWithBoth() {
    Loss loss = Composition.of("overlong+constant-length").loss(Conventions.paper());
    List<Problem> problems =
        List.ofAll(Parameters.problems(HashMap.of("max_length", 8.0), List.of(loss)));
    assertEquals(1, problems.size());
    String wrote = problems.head().wrote();
    assertTrue(
        wrote.contains("overlong_max_length") && wrote.contains("constant_length_max_length"),
        wrote);
  }

  @Test
  void statisticsHaveNoTemperature() {
    Samples columns =
        Rollouts.withStatistics(SAMPLES, Rollouts.logPi(SAMPLES, 1)).without("logits");
    List<Problem> problems =
        refused(
            () ->
                assertEquals(
                    0,
                    new Scorer(columns, HashMap.of(Columns.TEMPERATURE, 0.5), Precision.FLOAT64)
                        .score("grpo", GRPO)
                        .loss()));
    assertEquals("temperature", problems.head().code());
  }
}
