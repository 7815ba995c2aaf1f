package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Range;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/** Any two recipes are added, or refused because one name would stand for two parameters. */
class PlusTest {
  private static final Seq<Loss> ALL =
      Recipes.all().map(recipe -> recipe.loss(Conventions.paper())).toVector();

  /** The names of which both have a parameter, with another default or range. */
  private static Set<String> clashes(Loss a, Loss b) {
    return a.parameters()
        .filter(
            p ->
                b.parameters()
                    .exists(q -> q.name().equals(p.name()) && !q.range().equals(p.range())))
        .map(Parameter::name)
        .toSet();
  }

  private static Set<String> names(Loss loss) {
    return loss.parameters().map(Parameter::name).toSet();
  }

  private static Range range(Loss loss, String name) {
    return loss.parameters().find(p -> p.name().equals(name)).get().range();
  }

  @Test
  void everyPairIsAddedOrRefusedByName() {
    int refused = 0;
    for (int i = 0; i < ALL.size(); i++) {
      for (int j = i; j < ALL.size(); j++) {
        Loss a = ALL.get(i);
        Loss b = ALL.get(j);
        Set<String> clashes = clashes(a, b);
        if (clashes.nonEmpty()) {
          refused++;
          String message = "" + assertThrows(ProblemException.class, () -> a.plus(b)).getMessage();
          clashes.forEach(
              name -> assertTrue(message.contains("two parameters named " + name + ":"), message));
        }
        Loss renamed = clashes.foldLeft(b, (all, name) -> all.renamed(name, "other_" + name));
        Loss sum = a.plus(renamed);
        assertEquals(names(a).addAll(names(renamed)), names(sum));
        names(a).forEach(name -> assertEquals(range(a, name), range(sum, name)));
        clashes.forEach(name -> assertEquals(range(b, name), range(sum, "other_" + name)));
        assertEquals(a.parts().size() + b.parts().size(), sum.parts().size());
        if (i % 7 == 0 && j % 5 == 0) {
          assertEquals(sum.fingerprint(), renamed.plus(a).fingerprint());
        }
      }
    }
    assertTrue(refused > 500, refused + " pairs refused: beta alone has nine defaults");
  }

  @Test
  void noTwoRecipesMeanTheSame() {
    assertEquals(ALL.size(), HashSet.ofAll(ALL.map(Loss::fingerprint)).size());
  }
}
