package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import lossmith.Main;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

/** The page of all objectives. */
final class CatalogueTest {
  private static int run(Path file) {
    return Main.commandLine(new Objectives(Recipes.all()))
        .setOut(new PrintWriter(new StringWriter(), true))
        .setErr(new PrintWriter(new StringWriter(), true))
        .execute("catalogue", "--out", file.toString());
  }

  @Test
  void everyRecipeAndPartIsOnOneWellFormedPage(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("catalogue.html");
    assertEquals(0, run(file));
    Path plain = Files.createFile(folder.resolve("plain"));
    assertEquals(
        Files.getPosixFilePermissions(plain),
        Files.getPosixFilePermissions(file),
        "readable by those who read other files");
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var page = parser.parse(new ByteArrayInputStream(Files.readAllBytes(file)));
    NodeList titles = page.getElementsByTagName("h3");
    int systems = 4;
    assertEquals(systems + Recipes.all().size() + Parts.all().size(), titles.getLength());
    NodeList formulas = page.getElementsByTagName("pre");
    for (int i = 0; i < formulas.getLength(); i++) {
      assertFalse(formulas.item(i).getTextContent().isBlank(), "formula " + i);
    }
    String text = page.getDocumentElement().getTextContent();
    assertTrue(text.contains("GRPOTrainer") && text.contains("OpenRLHF"), "four systems");
    assertFalse(text.contains("statistic_"), "a gradient by a name that nobody gave");
    assertTrue(page.getElementsByTagName("math").getLength() > 2 * titles.getLength(), "typeset");
    for (Recipe recipe : Recipes.all()) {
      recipe
          .counterparts()
          .forEach(
              counterpart ->
                  assertTrue(
                      text.contains(counterpart.name()) && text.contains(counterpart.wrong()),
                      recipe.name() + " in " + counterpart.system()));
    }
    assertFalse(Files.readString(file).contains("src="), "nothing is fetched");
  }

  @Test
  void aPathThatCannotBeWrittenIsRefusedAndNothingIsLeft(@TempDir Path folder) {
    Path file = folder.resolve("none").resolve("catalogue.html");
    assertEquals(2, run(file));
    assertFalse(Files.exists(file));
  }
}
