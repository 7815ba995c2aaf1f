package lossmith.recipes.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.Tuple;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Range;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.preference.Dpo;
import lossmith.recipes.preference.PairLoss;
import lossmith.recipes.preference.PairScore;
import org.junit.jupiter.api.Test;

/** A part keeps the defaults of its parameters in every composition. */
class CompositionParametersTest {
  private static Map<String, Range> ranges(Recipe recipe) {
    return recipe
        .loss(Conventions.paper())
        .parameters()
        .toLinkedMap(p -> Tuple.of(p.name(), p.range()));
  }

  private static Map<String, Range> ranges(String composition) {
    return ranges(Composition.of(composition));
  }

  private static boolean together(Part<?> a, Part<?> b) {
    return a.kind() != b.kind() || !a.kind().single();
  }

  @Test
  void everyPairOfPartsKeepsItsDefaults() {
    Map<String, Range> plain = ranges("token-mean");
    Seq<Part<?>> parts = Vector.ofAll(Parts.all().filter(part -> part.kind() != Part.Kind.SCORE));
    Seq<Map<String, Range>> own =
        parts.map(part -> ranges(part.name()).filter(p -> !plain.get(p._1).contains(p._2)));
    Set<String> qualified = HashSet.empty();
    for (int i = 0; i < parts.size(); i++) {
      for (int j = i + 1; j < parts.size(); j++) {
        if (together(parts.get(i), parts.get(j))) {
          String pair = parts.get(i).name() + "+" + parts.get(j).name();
          Map<String, Range> both = ranges(pair);
          Set<String> known =
              plain.keySet().addAll(own.get(i).keySet()).addAll(own.get(j).keySet());
          for (int part : new int[] {i, j}) {
            for (var parameter : own.get(part)) {
              String name = Qualified.name(parts.get(part).name(), parameter._1);
              known = known.add(name);
              qualified = both.containsKey(name) ? qualified.add(pair + " " + name) : qualified;
              // An advantage that reads no reward has none of the parameters of the reward.
              both.get(name)
                  .orElse(both.get(parameter._1))
                  .forEach(kept -> assertEquals(parameter._2, kept, parameter._1 + " in " + pair));
            }
          }
          assertEquals(HashSet.empty(), both.keySet().removeAll(known).toSet(), pair);
        }
      }
    }
    assertEquals(
        HashSet.of(
            "overlong+constant-length overlong_max_length",
            "overlong+constant-length constant_length_max_length"),
        qualified,
        "the one pair of parts with two parameters of one name");
  }

  /** 4096 is Dr. GRPO's constant, 20480 DAPO's longest response. */
  @Test
  void aLengthLimitIsNoDivisor() {
    Map<String, Range> both = ranges("overlong+constant-length");
    assertEquals(20480, both.get("overlong_max_length").get().initial());
    assertEquals(4096, both.get("constant_length_max_length").get().initial());
    assertTrue(both.get("max_length").isEmpty());
    assertEquals(4096, ranges("constant-length").get("max_length").get().initial());
  }

  /** A preference loss with a parameter of the score's name, and another default. */
  private static final class OwnAlpha implements PairLoss {
    @Override
    public Card card() {
      return Card.of("own-alpha", new Dpo().title(), new Dpo().source());
    }

    @Override
    public Loss loss(Conventions c, PairScore score) {
      Parameter alpha = Terms.parameter("alpha", 2, 1, 3);
      Term<lossmith.dsl.Level.Group> margin =
          score.margin(Terms.logProb().minus(Terms.referenceLogProb()));
      return Terms.minimise(margin.scaledBy(alpha).mean(lossmith.dsl.Over.GROUPS));
    }
  }

  @Test
  void aScoreAndAPreferenceLossAreToldApartToo() {
    Part<PairScore> score = Scores.all().find(s -> s.name().equals("alpha-divergence")).get();
    Map<String, Range> both = ranges(new ScoredPreference(new OwnAlpha(), score));
    assertEquals(new Range(2, 1, 3), both.get("own_alpha_alpha").get());
    assertEquals(new Range(0.5, 0, 0.9), both.get("alpha_divergence_alpha").get());
    assertEquals(2, both.size());
  }

  @Test
  void aPartIsNamedOnce() {
    for (String twice : List.of("k3+k3", "grpo-clip+k3+k1+k3", "dpo+reverse-kl+dpo")) {
      String message =
          "" + assertThrows(ProblemException.class, () -> Composition.of(twice)).getMessage();
      assertTrue(message.contains("more than once") || message.contains("no part"), message);
    }
  }
}
