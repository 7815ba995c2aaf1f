package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import lossmith.Main;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page of all objectives. */
final class CatalogueTest {
  private static int run(Path file, String... more) {
    List<String> args = new ArrayList<>(List.of("catalogue", "--out", file.toString()));
    args.addAll(List.of(more));
    return Main.commandLine(new Objectives(Recipes.all()))
        .setOut(new PrintWriter(new StringWriter(), true))
        .setErr(new PrintWriter(new StringWriter(), true))
        .execute(args.toArray(String[]::new));
  }

  @Test
  void everyRecipeAndPartIsOnOneWellFormedPage(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("catalogue.html");
    String own = "maximise(r.weightedBy(A).mean(ALL_TOKENS))";
    assertEquals(0, run(file, "--recipe", own));
    Path plain = Files.createFile(folder.resolve("plain"));
    assertEquals(
        Files.getPosixFilePermissions(plain),
        Files.getPosixFilePermissions(file),
        "readable by those who read other files");
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var page = parser.parse(new ByteArrayInputStream(Files.readAllBytes(file)));
    NodeList titles = page.getElementsByTagName("h3");
    int systems = 4;
    assertEquals(systems + Recipes.all().size() + 1 + Parts.all().size(), titles.getLength());
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
    inOrder(page, own);
  }

  /** Families one after the other, sorted in themselves; each entry once, and linked from above. */
  private static void inOrder(Document page, String own) {
    List<Element> entries = all(page, "article");
    List<String> names = entries.stream().map(entry -> entry.getAttribute("id")).toList();
    assertEquals(new HashSet<>(names).size(), names.size(), "an entry occurs twice");
    List<String> links = all(page, "a").stream().map(link -> link.getAttribute("href")).toList();
    assertTrue(
        names.stream().allMatch(name -> links.contains("#" + name)), "entries without a link");
    List<String> groups = entries.stream().map(entry -> entry.getAttribute("data-group")).toList();
    for (String group : new HashSet<>(groups)) {
      int first = groups.indexOf(group);
      int last = groups.lastIndexOf(group);
      assertEquals(Collections.nCopies(last - first + 1, group), groups.subList(first, last + 1));
      List<String> members = names.subList(first, last + 1);
      assertEquals(members.stream().sorted().toList(), members);
    }
    assertEquals("own", groups.get(names.indexOf(own)));
    for (Element entry : entries) {
      int curves = entry.getElementsByTagName("svg").getLength();
      String name = entry.getAttribute("id");
      if (name.equals("dapo") || name.equals(own)) {
        assertEquals(1, curves, name);
      }
      if (name.equals("dpo") || entry.getAttribute("data-group").startsWith("part")) {
        assertEquals(0, curves, name);
      }
    }
  }

  private static List<Element> all(Document page, String tag) {
    NodeList found = page.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  @Test
  void aPathThatCannotBeWrittenIsRefusedAndNothingIsLeft(@TempDir Path folder) {
    Path file = folder.resolve("none").resolve("catalogue.html");
    assertEquals(2, run(file));
    assertFalse(Files.exists(file));
  }
}
