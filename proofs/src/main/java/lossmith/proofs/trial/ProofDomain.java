package lossmith.proofs.trial;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Random;
import lossmith.recipes.Recipe;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/**
 * What jqwik draws for proofs: {@code @Domain(ProofDomain.class)} on a property gives it cases
 * ({@link Draw}), objectives that nobody wrote ({@link RandomObjective}) and compositions of the
 * library's parts.
 */
public final class ProofDomain extends DomainContextBase {
  /** jqwik makes it. */
  public ProofDomain() {}

  /** Cases of every kind alike; smaller seeds are simpler only in that they are shorter to type. */
  @Provide
  Arbitrary<Draw> draws() {
    return Arbitraries.longs().map(Draw::new);
  }

  /** One part of each kind at random, of weights, selections and regularisers any two. */
  @Provide
  Arbitrary<Recipe> compositions() {
    return Arbitraries.longs().map(seed -> composition(new Random(seed)));
  }

  private static Recipe composition(Random random) {
    Seq<String> names =
        List.of(Part.Kind.values())
            .remove(Part.Kind.SCORE)
            .flatMap(
                kind -> {
                  Seq<String> all = Parts.all().filter(part -> part.kind() == kind).map(Part::name);
                  boolean one = kind.single();
                  return one
                      ? List.of(all.get(random.nextInt(all.size())))
                      : all.filter(name -> random.nextInt(all.size()) == 0).take(2);
                });
    return Composition.of(names.mkString(Composition.AND));
  }

  /** Objectives of statistics and, as often, of the whole vocabulary. */
  @Provide
  Arbitrary<RandomObjective> objectives() {
    return Arbitraries.longs()
        .map(
            seed -> {
              boolean vocabulary = Math.floorMod(seed, 2) == 0;
              RandomTerms terms = new RandomTerms(new Random(seed), vocabulary);
              return new RandomObjective(seed, terms.objective());
            });
  }
}
