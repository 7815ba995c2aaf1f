package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import io.vavr.control.Option;
import io.vavr.control.Try;
import java.util.Random;
import java.util.SplittableRandom;
import lossmith.dsl.Loss;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/**
 * A right objective, drawn at random: half of them are put together from the library's parts, a
 * quarter is a recipe and a quarter is written out.
 *
 * @param name what it is made of
 * @param loss the objective
 * @param deviations the laws of its kind that its parts rightly break
 */
record RightObjective(String name, Loss loss, Seq<Claim> deviations) {
  static RightObjective draw(long seed) {
    Random random = random(seed);
    return switch (random.nextInt(4)) {
      case 0 -> of(Recipes.all().get(random.nextInt(Recipes.all().size())));
      case 1 -> WrittenObjective.of(seed);
      default -> of(Composition.of(composed(random)));
    };
  }

  /** Neighbouring seeds of {@link Random} begin alike, so a seed is mixed first. */
  static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }

  /** Right objectives that are one choice away from the one of a seed. */
  static Stream<RightObjective> nearby(long seed) {
    Random random = random(seed);
    return switch (random.nextInt(4)) {
      case 0 -> Recipes.all().toStream().map(RightObjective::of);
      case 1 -> WrittenObjective.nearby(seed).toStream();
      default -> othersThan(composed(random));
    };
  }

  static RightObjective of(Recipe recipe) {
    return new RightObjective(
        recipe.name(),
        recipe.loss(Conventions.paper()),
        recipe.claims().filter(Claim.Deviates.class::isInstance));
  }

  /** One part of a kind at random or none, up to two regularisers. */
  private static String composed(Random random) {
    Seq<String> names =
        List.of(Part.Kind.values())
            .remove(Part.Kind.SCORE)
            .flatMap(
                kind -> {
                  Seq<String> all = Parts.all().filter(part -> part.kind() == kind).map(Part::name);
                  int count = random.nextInt(kind == Part.Kind.REGULARISER ? 3 : 2);
                  return List.range(0, count).map(i -> all.get(random.nextInt(all.size())));
                })
            .distinct();
    return names.isEmpty() ? Parts.all().head().name() : names.mkString(Composition.AND);
  }

  /** Each part left out, and each other of its kind in its place or in that of the default. */
  private static Stream<RightObjective> othersThan(String composed) {
    Seq<String> names = List.of(composed.split("\\" + Composition.AND, -1));
    Seq<Part<?>> all = Parts.all().filter(part -> part.kind() != Part.Kind.SCORE);
    Seq<Part<?>> own = all.filter(part -> names.contains(part.name()));
    Stream<Seq<String>> fewer = names.toStream().map(names::remove).filter(Seq::nonEmpty);
    Stream<Seq<String>> others =
        own.toStream()
            .flatMap(
                part ->
                    all.filter(other -> other.kind() == part.kind())
                        .map(other -> names.remove(part.name()).append(other.name())));
    Stream<Seq<String>> forDefaults =
        all.toStream()
            .filter(part -> part.kind().single() && !own.exists(o -> o.kind() == part.kind()))
            .map(part -> names.append(part.name()));
    return fewer
        .appendAll(others)
        .appendAll(forDefaults)
        .filter(some -> !some.toSet().equals(names.toSet()))
        .flatMap(some -> Try.of(() -> of(Composition.of(some.mkString(Composition.AND)))));
  }

  /** The objective under proof without any claim, but for its declared deviations. */
  Subject subject() {
    return subject(loss);
  }

  /** Another one in its place. */
  Subject subject(Loss other) {
    return new Subject(name, other, deviations, Option.none());
  }
}
