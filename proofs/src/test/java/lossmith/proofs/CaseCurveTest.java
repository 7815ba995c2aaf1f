package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import lossmith.proofs.mutation.MutationScore;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/** More cases notice no fewer mistakes, and as many as the mutation score counts. */
final class CaseCurveTest {
  private static final int CASES = 10;

  @Test
  void theCurveRisesToWhatIsNoticedInAll() {
    Recipe recipe = Recipes.get("grpo");
    CaseCurve curve = CaseCurve.ofMutants(recipe, CASES, 1);
    List<Integer> heights = List.range(0, CASES + 1).map(curve::noticed);
    assertEquals(heights.sorted(), heights);
    assertEquals(0, curve.noticed(0));
    assertEquals(curve.first().size(), curve.noticed(CASES));
    assertTrue(curve.noticed(1) < curve.noticed(CASES), curve::toString);
    MutationScore score = MutationScore.of(recipe, CASES, 1);
    int byLaws =
        score
            .killed()
            .removeAll(List.of(MutationScore.TYPES, MutationScore.FLOW))
            .values()
            .sum()
            .intValue();
    assertTrue(curve.noticed(CASES) >= byLaws, byLaws + " " + curve);
    assertTrue(curve.wrong() >= curve.noticed(CASES));
  }
}
