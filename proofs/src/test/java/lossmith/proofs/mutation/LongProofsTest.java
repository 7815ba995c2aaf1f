package lossmith.proofs.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every recipe on 10,000 cases, every part and random right compositions on 1,000, which takes many
 * hours: what held is a line of the file that {@code lossmith.proved} names, and is not tried
 * again, so that a run can be ended at any time and taken up; {@code lossmith.share=2/4} is the
 * second quarter of all there is to do, so that several machines can have one each.
 */
@EnabledIfSystemProperty(named = LongProofsTest.PROVED, matches = ".+")
final class LongProofsTest {
  static final String PROVED = "lossmith.proved";

  private static final int CASES = Integer.getInteger("lossmith.cases", 10_000);

  /** A part is tried in many compositions besides. */
  private static final int FEWER = Math.max(1, CASES / 10);

  private static final int COMPOSITIONS = Integer.getInteger("lossmith.compositions", 300);
  private static final long SEED = Long.getLong("lossmith.seed", 1);
  private static final String[] SHARE = System.getProperty("lossmith.share", "1/1").split("/", 2);

  /** Few responses may be left of a random composition, and nobody behind. */
  private static final String NARROW = "live-parameters";

  /**
   * What is held to its laws.
   *
   * @param name what the file calls it
   */
  private record Unit(String name, int cases, Supplier<Subject> subject) {}

  private static Seq<Unit> all() {
    return Recipes.all()
        .map(recipe -> new Unit("recipe " + recipe.name(), CASES, () -> Subject.of(recipe)))
        .appendAll(
            Parts.all()
                .map(
                    part ->
                        new Unit(
                            "part " + part.name(),
                            FEWER,
                            () -> Subject.of(Composition.of(part.name())))))
        .appendAll(
            List.range(SEED, SEED + COMPOSITIONS)
                .map(
                    seed ->
                        new Unit(
                            "composition " + seed,
                            FEWER,
                            () -> RightObjective.draw(seed).subject())));
  }

  @TestFactory
  Stream<DynamicTest> allThatIsLeftHoldsItsLaws() throws IOException {
    Path file = Path.of(System.getProperty(PROVED));
    Set<String> proved =
        Files.exists(file)
            ? HashSet.ofAll(Files.readAllLines(file)).map(line -> line.split(":", 2)[0])
            : HashSet.empty();
    int share = Integer.parseInt(SHARE[0]);
    int shares = Integer.parseInt(SHARE[1]);
    Seq<Unit> mine =
        all().zipWithIndex().filter(unit -> unit._2 % shares == share - 1).map(unit -> unit._1);
    Seq<Unit> left = mine.reject(unit -> proved.contains(key(unit)));
    System.out.println(left.size() + " of " + mine.size() + " are left to prove");
    return left.toJavaStream()
        .map(unit -> DynamicTest.dynamicTest(unit.name(), () -> prove(unit, file)));
  }

  private static String key(Unit unit) {
    return unit.name() + " on " + unit.cases() + " cases";
  }

  private static void prove(Unit unit, Path file) throws IOException {
    Instant before = Instant.now();
    try (Subject subject = unit.subject().get()) {
      Seq<Law> laws =
          Laws.of(subject)
              .reject(law -> law.name().equals(NARROW) && !unit.name().startsWith("recipe"));
      Proof proof = Prover.prove(subject, laws, unit.cases(), SEED);
      String line =
          "%s: %.1f s"
              .formatted(key(unit), Duration.between(before, Instant.now()).toMillis() / 1e3);
      System.out.println(line);
      assertTrue(proof.holds(), proof::toString);
      Files.write(file, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
