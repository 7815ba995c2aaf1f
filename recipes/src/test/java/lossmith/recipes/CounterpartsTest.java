package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lossmith.dsl.ProblemException;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;

class CounterpartsTest {
  private static final List<String> HEADER =
      List.of("system: S", "repository: https://github.com/s/s", "commit: 0123abc", "");

  @Test
  void everyEntryIsOfARecipeOrAPart() {
    Set<String> known =
        Recipes.all().map(Recipe::name).appendAll(Parts.all().map(Part::name)).toSet();
    assertEquals(HashSet.empty(), Counterparts.all().keySet().diff(known));
  }

  @Test
  void noNameIsOfARecipeAndOfAPart() {
    Set<String> recipes = Recipes.all().map(Recipe::name).toSet();
    assertEquals(HashSet.empty(), recipes.intersect(Parts.all().map(Part::name).toSet()));
  }

  @Test
  void everyFileIsInTheIndex() throws Exception {
    Path index =
        Path.of(
            java.util.Objects.requireNonNull(
                    Counterparts.class.getResource("counterparts/index.txt"))
                .toURI());
    try (Stream<Path> files = Files.list(index.resolveSibling(""))) {
      assertEquals(
          EntryFormat.index("counterparts").toSet(),
          HashSet.ofAll(files.map(file -> file.getFileName().toString())).remove("index.txt"));
    }
  }

  @Test
  void everySystemIsReadAtACommitOfItsRepository() {
    for (Counterpart.Project system :
        Counterparts.all().values().flatMap(all -> all).map(Counterpart::system).toSet()) {
      assertTrue(system.url().matches("https://github\\.com/[\\w.-]+/[\\w.-]+"), system.url());
      assertTrue(system.commit().matches("[0-9a-f]{7,40}"), system + " " + system.commit());
    }
  }

  @Test
  void whatAFileSaysIsRead() {
    assertEquals(
        List.of("S, theirs: other; wrong there: a mistake", "S, second", "S, third: of a: colon"),
        Counterparts.read(
                "s.txt",
                HEADER.appendAll(
                    List.of(
                        "# a comment",
                        "grpo: theirs",
                        "  differs: other",
                        "  wrong: a mistake",
                        "grpo: second",
                        "dpo: third",
                        "  differs: of a: colon")))
            .map(entry -> entry._2.toString()));
  }

  @Test
  void everyMalformedLineIsToldWithItsFileAndNumber() {
    String told =
        told(
            HEADER.appendAll(
                List.of("  differs: of nothing", "grpo", "grpo: x", "  similar: y", "grpo: x")));
    assertTrue(told.contains("\"  differs: of nothing\" in s.txt, line 5"), told);
    assertTrue(told.contains("\"grpo\" in s.txt, line 6"), told);
    assertTrue(told.contains("\"  similar: y\" in s.txt, line 8"), told);
    assertTrue(told.contains("\"grpo: x\" twice in s.txt, line 9"), told);
  }

  @Test
  void aHeaderThatIsNotWholeIsTold() {
    String told = told(List.of("system: S", "commit: 0123abc"));
    assertTrue(told.contains("\"commit: 0123abc\" in s.txt, line 2; expected repository"), told);
    assertTrue(told.contains("the end in s.txt, line 2; expected commit"), told);
  }

  private static String told(List<String> lines) {
    return String.valueOf(
        assertThrows(
                ProblemException.class,
                () -> assertEquals(List.empty(), Counterparts.read("s.txt", lines)))
            .getMessage());
  }
}
