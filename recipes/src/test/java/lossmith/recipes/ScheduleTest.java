package lossmith.recipes;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import lossmith.dsl.Loss;
import lossmith.dsl.schedule.Schedule;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/**
 * What must be known before a token's gradient is, of every recipe, against a table whose lines
 * were checked one by one.
 */
final class ScheduleTest {
  @Test
  void everyRecipeHasTheScheduleOfTheTable() throws IOException {
    String table =
        Recipes.all()
            .map(
                recipe -> {
                  Schedule schedule = Schedule.of(recipe.loss(Conventions.paper()));
                  return recipe.name() + "\n" + schedule.toString().indent(2);
                })
            .mkString();
    assertEquals(expected(), table);
  }

  private static String expected() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ScheduleTest.class.getResourceAsStream("schedule.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.joining("\n", "", "\n"));
    }
  }

  @Test
  void aLiveMeanUnderALogarithmIsASeed() {
    Loss logMeanExp = minimise(logProb().exp().mean(ALL_TOKENS).log());
    Schedule schedule = Schedule.of(logMeanExp);
    assertEquals(1, schedule.seeds().size());
    assertFalse(schedule.local());
    assertEquals(2, schedule.sweeps());
  }
}
