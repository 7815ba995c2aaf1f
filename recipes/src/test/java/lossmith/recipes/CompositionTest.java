package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts by name and what they add up to. */
final class CompositionTest {
  private static double value(Loss loss) {
    Samples samples = Small.ragged();
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, samples.columns().addAll(samples.grids()));
    return new Reference(samples, HashMap.empty()).number(bound.value());
  }

  @ParameterizedTest
  @CsvSource({
    "group-mean, grpo",
    "group-normalised+clip+group-mean, grpo",
    "held-ratio+group-mean, cispo",
    "clip-higher+uncertain, forking-tokens",
    "soft-gate+sequence-mean-token-mean, sapo",
  })
  void thePartsOfARecipeAreTheRecipe(String parts, String recipe) {
    assertEquals(
        value(Recipes.get(recipe).loss(Conventions.paper())),
        value(Composition.of(parts).loss(Conventions.paper())),
        1e-12);
  }

  @Test
  void theNameListsThePartsInTheOrderInWhichTheyAreRead() {
    assertEquals(
        "leave-one-out+clip+token-mean+k3",
        Composition.of("k3 + token-mean+clip+leave-one-out").name());
  }

  @Test
  void whatIsNoPartOrOneTooManyIsRefused() {
    String unknown = message("clip+nonsense+kl");
    assertTrue(unknown.contains("\"nonsense\", no part of an objective"), unknown);
    String two = message("clip+ratio+token-mean");
    assertTrue(two.contains("clip and ratio; expected one surrogate"), two);
    assertTrue(message("clip+").contains("\"\", no part"), message("clip+"));
  }

  @Test
  void aScoreGoesWithOnePreferenceLossAndWithNothingElse() {
    assertEquals("ipo+forward-kl", Composition.of("forward-kl + ipo").name());
    assertEquals("dpo+jensen-shannon", Composition.of("jensen-shannon").name());
    String policy = message("forward-kl+clip");
    assertTrue(policy.contains("\"clip\" beside forward-kl; expected one of dpo, cdpo"), policy);
    assertTrue(message("aot+forward-kl").contains("\"aot\" beside forward-kl"));
    String losses = message("dpo+ipo+forward-kl");
    assertTrue(losses.contains("dpo and ipo; expected one preference loss"), losses);
    String scores = message("dpo+jensen-shannon+forward-kl");
    assertTrue(scores.contains("forward-kl and jensen-shannon; expected one score"), scores);
  }

  private static String message(String names) {
    return String.valueOf(
        assertThrows(ProblemException.class, () -> Composition.of(names)).getMessage());
  }

  @Test
  void namesAreNobodyElsesAndSourcesAreComplete() {
    HashSet<String> recipes = HashSet.ofAll(Recipes.all().map(Recipe::name));
    assertEquals(Parts.all().size(), Parts.all().map(Part::name).toSet().size());
    for (Part<?> part : Parts.all()) {
      assertFalse(recipes.contains(part.name()), part.name());
      assertTrue(part.source().url().startsWith("http"), part.name());
      assertFalse(part.source().where().isEmpty(), part.name());
    }
  }
}
