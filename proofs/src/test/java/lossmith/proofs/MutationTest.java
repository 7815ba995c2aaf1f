package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.mutation.MutationScore;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/** A battery that lets a wrong objective through is not strong enough. */
final class MutationTest {
  private static final int CASES = 80;

  /** One of so many mutants is tried; {@code -Plong} tries all. */
  private static final int EVERY = Integer.getInteger("lossmith.mutants.every", 1);

  @Test
  void theBatteryNoticesMutantsOfEveryRecipe() {
    Seq<MutationScore> scores =
        Recipes.all()
            .toJavaParallelStream()
            .map(r -> MutationScore.of(r, CASES, 1, EVERY))
            .collect(List.collector());
    scores.forEach(System.out::println);
    int mutants = scores.map(MutationScore::mutants).sum().intValue();
    int kills = scores.map(MutationScore::kills).sum().intValue();
    assertTrue(kills >= 0.98 * mutants, kills + " of " + mutants);
    assertEquals(
        Recipes.all().map(Recipe::name),
        scores.filter(s -> s.mutants() * EVERY >= 10).map(MutationScore::recipe));
    assertEquals(
        List.empty(), scores.filter(s -> s.kills() < 0.9 * s.mutants()).map(MutationScore::recipe));
  }
}
