package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import lossmith.dsl.ProblemException;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;

class CardsTest {
  @Test
  void everyCardIsOfARecipeOrAPart() {
    Set<String> known =
        Recipes.all().map(Recipe::name).appendAll(Parts.all().map(Part::name)).toSet();
    assertEquals(known, Cards.all().keySet());
  }

  @Test
  void everyFileIsInTheIndex() throws Exception {
    Path index =
        Path.of(Objects.requireNonNull(Cards.class.getResource("cards/index.txt")).toURI());
    try (Stream<Path> files = Files.list(index.resolveSibling(""))) {
      assertEquals(
          EntryFormat.index("cards").toSet(),
          HashSet.ofAll(files.map(file -> file.getFileName().toString())).remove("index.txt"));
    }
  }

  @Test
  void aCardOfTwoSentencesIsRead() {
    Card card =
        Cards.read(
                "c.txt",
                List.of(
                    "# a comment",
                    "mine: A title: with a colon",
                    "  paper: P",
                    "  where: eq 1",
                    "  url: https://u",
                    "  differs: First.",
                    "  differs: Second."))
            .single();
    assertEquals(
        Card.of("mine", "A title: with a colon", new Source("P", "eq 1", "https://u"))
            .deviating("First.", "Second."),
        card);
  }

  @Test
  void everyMalformedLineAndEveryMissingFieldIsTold() {
    String told =
        message(
            List.of(
                "mine: A title", "  paper: P", "  paper: Q", "  year: 2025", "  url: https://u"));
    assertTrue(told.contains("\"  paper: Q\" in c.txt, line 3"), told);
    assertTrue(told.contains("\"  year: 2025\" in c.txt, line 4"), told);
    assertTrue(told.contains("\"mine\" without where in c.txt, line 1"), told);
  }

  @Test
  void anUnknownNameIsToldWhatToWrite() {
    String told =
        String.valueOf(
            assertThrows(ProblemException.class, () -> assertEquals("", Card.of("mine").title()))
                .getMessage());
    assertTrue(told.contains("\"mine\""), told);
    assertTrue(told.contains("Card.of(name, title, source)"), told);
  }

  private static String message(Seq<String> lines) {
    return String.valueOf(
        assertThrows(
                ProblemException.class,
                () -> assertEquals(List.empty(), Cards.read("c.txt", lines)))
            .getMessage());
  }
}
