package lossmith.recipes.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Small;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import lossmith.recipes.policy.DapoAsPrinted;
import lossmith.recipes.policy.Misprints;
import org.junit.jupiter.api.Test;

class RecipesTest {
  @Test
  void everyRecipeClassIsInTheListOfItsFamily() throws Exception {
    Set<String> found = new TreeSet<>();
    Path room = Path.of(Recipe.class.getResource("Recipe.class").toURI()).resolveSibling("");
    try (Stream<Path> files = Files.walk(room)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String path =
            room.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        Class<?> type = Class.forName("lossmith.recipes." + path.replaceAll("\\.class$", ""));
        if (Recipe.class.isAssignableFrom(type)
            && !type.equals(Composition.class)
            && type.getConstructors().length > 0) {
          found.add(type.getSimpleName());
        }
      }
    }
    Set<String> listed =
        Recipes.all()
            .toJavaStream()
            .map(recipe -> recipe.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(found, listed);
  }

  @Test
  void namesAreUniqueAndSourcesComplete() {
    assertEquals(Recipes.all().size(), Recipes.all().map(Recipe::name).toSet().size());
    for (Recipe recipe : Recipes.all()) {
      assertTrue(recipe.source().url().startsWith("https://"), recipe.name());
      assertFalse(recipe.source().where().isEmpty(), recipe.name());
    }
  }

  @Test
  void aRecipeIsFoundByItsNameOrTheNearestIsNamed() {
    for (Recipe recipe : Recipes.all()) {
      assertEquals(recipe.name(), Recipes.get(recipe.name()).name());
    }
    String message =
        String.valueOf(
            assertThrows(ProblemException.class, () -> assertEquals("", Recipes.get("grop").name()))
                .getMessage());
    assertTrue(message.contains("\"grop\", no recipe (did you mean grpo?)"), message);
    assertTrue(message.contains("of which the nearest are grpo, "), message);
  }

  @Test
  void nothingOfARecipeIsDead() {
    for (Recipe recipe : Recipes.all()) {
      for (Conventions c : new Conventions[] {Conventions.paper(), Conventions.verl()}) {
        assertEquals(List.empty(), Flow.dead(recipe.loss(c)).toList(), recipe.name());
      }
    }
    for (Part<?> part : Parts.all()) {
      for (Conventions c : new Conventions[] {Conventions.paper(), Conventions.verl()}) {
        Loss loss = Composition.of(part.name()).loss(c);
        assertEquals(List.empty(), Flow.dead(loss).toList(), part.name());
      }
    }
  }

  @Test
  void everyRecipeRunsFromLogitsUnderBothConventions() {
    for (Recipe recipe : Recipes.all()) {
      boolean paired =
          Inputs.of(recipe.loss(Conventions.paper()).parts().values().map(Term::node))
              .columns()
              .exists(input -> input.name().equals(Columns.SIGN));
      Samples samples = paired ? Small.pairs() : Small.ragged();
      for (Conventions c : new Conventions[] {Conventions.paper(), Conventions.verl()}) {
        BoundLoss bound =
            BoundLoss.of(recipe.loss(c), Surface.LOGITS, samples.columns().addAll(samples.grids()));
        Reference reference = new Reference(samples, HashMap.empty());
        assertTrue(Double.isFinite(reference.number(bound.value())), recipe.name());
        double largest = 0;
        Set<String> trains = recipe.loss(c).trains().toJavaSet();
        String trained = trains.contains(Loss.POLICY) ? BoundLoss.LOGITS : trains.iterator().next();
        for (double g : reference.of(bound.gradients().get(trained).get())) {
          assertTrue(Double.isFinite(g), recipe.name());
          largest = Math.max(largest, Math.abs(g));
        }
        assertTrue(largest > 1e-6, recipe.name() + " teaches nothing");
        bound
            .metrics()
            .forEach(
                (name, node) ->
                    assertTrue(
                        Double.isFinite(reference.number(node)), recipe.name() + " " + name));
      }
    }
  }

  @Test
  void parametersAreCollectedFromTheLoss() {
    assertEquals(
        HashMap.of("clip_low", 0.2, "clip_high", 0.28),
        new DapoAsPrinted().parameters().toMap(p -> p.name(), p -> p.range().initial()));
  }

  @Test
  void cispoAsPrintedHasNoGradient() {
    Samples samples = Small.pair(1.1, 0.9);
    BoundLoss bound = Small.bound(Misprints.cispo(Conventions.paper()), samples);
    assertTrue(bound.gradients().isEmpty());
  }
}
