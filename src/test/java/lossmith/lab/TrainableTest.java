package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.ProblemException;
import lossmith.lab.task.Addition;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

class TrainableTest {
  private static Trainable recipe(String name) {
    return new Trainable(
        name, Recipes.all().find(r -> r.name().equals(name)).get().loss(Conventions.paper()));
  }

  @Test
  void whatSamplingDoesNotGiveIsRefused() {
    Map<String, String> missing =
        HashMap.of("clip-cov-given", "selected", "v-mpo", "value", "reward-model", "score");
    for (var one : missing) {
      ProblemException refused = assertThrows(ProblemException.class, () -> recipe(one._1));
      assertTrue(
          String.valueOf(refused.getMessage()).contains(one._2),
          String.valueOf(refused.getMessage()));
    }
    Seq<String> trained =
        Recipes.all()
            .filter(r -> Trainable.missing(r.name(), r.loss(Conventions.paper())).isEmpty())
            .map(r -> r.name());
    assertTrue(
        trained.containsAll(
            List.of("grpo", "dapo", "cispo", "gspo", "psr", "nsr", "clip-cov", "kl-cov", "prorl")
                .appendAll(List.of("dpo", "ipo", "sft", "distil-forward-kl", "distil-top-k"))
                .appendAll(List.of("kto", "bco", "xpo", "a2po", "tpo-triple", "tpo-l"))
                .appendAll(List.of("tpo-hinge", "tpo-ipo"))),
        trained.toString());
    assertTrue(trained.size() > 80 && trained.size() < Recipes.all().size());
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    ProblemException all =
        assertThrows(ProblemException.class, () -> new TrainingSettings.Sampling(0, 1, Double.NaN));
    assertEquals(3, all.problems().size());
    assertThrows(
        ProblemException.class, () -> new TrainingSettings.Measuring(1, 1, 4, List.of(2, 5)));
    assertThrows(ProblemException.class, () -> new TrainingSettings.Updating(1, 1, 0.1, 0, 0));
    assertThrows(
        ProblemException.class,
        () ->
            new TrainingSettings(
                1,
                0,
                0,
                new TrainingSettings.Sampling(8, 4, 1),
                new TrainingSettings.Updating(2, 1, 0.1, 1, 0),
                new TrainingSettings.Measuring(4, 4, 4, List.of(2)),
                TrainingSettings.Discounting.usual(),
                LinkedHashMap.empty()));
    TrainingSettings parts =
        new TrainingSettings(
            1,
            1,
            0,
            new TrainingSettings.Sampling(8, 4, 1),
            new TrainingSettings.Updating(9, 1, 0.1, 1, 0),
            new TrainingSettings.Measuring(4, 4, 4, List.of(2)),
            TrainingSettings.Discounting.usual(),
            LinkedHashMap.empty());
    assertThrows(
        ProblemException.class,
        () ->
            new Run(new Addition(), recipe("grpo"), parts, Controllers.none(), 1, HashSet.empty()));
  }
}
