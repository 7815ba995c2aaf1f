package lossmith;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What a public repository asks of a pom is there, and the example of the documentation is the one
 * that the build runs. A release changes the version, in the files that are named here, and the
 * property {@code lossmith.home}, an address that nobody can have until then.
 */
class PomsTest {
  private static final List<String> MODULES = List.of("dsl", "ops", "recipes", "proofs", "src");

  private static final String SNAPSHOT = "-SNAPSHOT";

  private static Path root(String path) {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling(path);
  }

  private static Element pom(String folder) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(root(folder.isEmpty() ? "pom.xml" : folder + "/pom.xml").toFile())
        .getDocumentElement();
  }

  private static List<Element> below(Element parent, String... path) {
    List<Element> found = List.of(parent);
    for (String name : path) {
      found = found.stream().flatMap(one -> children(one, name).stream()).toList();
    }
    return found;
  }

  private static List<Element> children(Element parent, String name) {
    return IntStream.range(0, parent.getChildNodes().getLength())
        .mapToObj(i -> parent.getChildNodes().item(i))
        .filter(node -> node.getNodeName().equals(name))
        .map(Element.class::cast)
        .toList();
  }

  private static String text(Element pom, String... path) {
    return below(pom, path).stream()
        .map(Node::getTextContent)
        .map(String::strip)
        .findFirst()
        .orElse("");
  }

  @Test
  void eachModuleSaysWhatItIs() throws Exception {
    for (String module : MODULES) {
      Element pom = pom(module);
      assertFalse(text(pom, "name").isEmpty(), module);
      assertFalse(text(pom, "description").isEmpty(), module);
      assertEquals("lossmith-parent", text(pom, "parent", "artifactId"), module);
    }
    Element parent = pom("");
    for (String needed : List.of("name", "description", "url")) {
      assertFalse(text(parent, needed).isEmpty(), needed);
    }
    assertEquals("Apache-2.0", text(parent, "licenses", "license", "name"));
    assertFalse(text(parent, "developers", "developer", "name").isEmpty());
    assertTrue(text(parent, "scm", "connection").startsWith("scm:git:"));
    assertFalse(text(parent, "scm", "url").isEmpty());
  }

  @Test
  void sourcesAndJavadocAreInstalledToo() throws Exception {
    List<String> goals =
        below(pom(""), "build", "plugins", "plugin").stream()
            .flatMap(
                plugin ->
                    below(plugin, "executions", "execution", "goals", "goal").stream()
                        .map(goal -> text(plugin, "artifactId") + ":" + goal.getTextContent()))
            .toList();
    assertTrue(goals.contains("maven-source-plugin:jar-no-fork"), goals::toString);
    assertTrue(goals.contains("maven-javadoc-plugin:jar"), goals::toString);
  }

  /** The version of the project stands in these places; no other library is unfinished. */
  @Test
  void aReleaseChangesTheVersionAndTheHome() throws Exception {
    Element parent = pom("");
    String version = text(parent, "version");
    assertFalse(version.isEmpty());
    for (String module : MODULES) {
      assertEquals(version, text(pom(module), "parent", "version"), module);
    }
    assertEquals(version, text(pom("src/example"), "properties", "lossmith.version"));
    List<String> folders = new ArrayList<>(MODULES);
    folders.addAll(List.of("", "src/example"));
    for (String folder : folders) {
      String pom = read(folder.isEmpty() ? "pom.xml" : folder + "/pom.xml");
      assertTrue(pom.split(SNAPSHOT, -1).length <= 2, folder + " has another " + SNAPSHOT);
    }
    boolean placeholder = text(parent, "properties", "lossmith.home").endsWith(".example");
    assertTrue(version.endsWith(SNAPSHOT) || !placeholder, "a release needs its real home");
  }

  @Test
  void theExampleIsWhatTheDocumentationShows() throws Exception {
    String page = read("src/docs/maven.md");
    assertTrue(page.contains("```xml\n" + read("src/example/pom.xml") + "```"), "pom.xml");
    String suite = read("src/example/src/test/java/my/SmoothTest.java");
    assertTrue(page.contains("```java\n" + suite + "```"), "SmoothTest.java");
    String loss = read("src/example/src/main/java/my/Smooth.java");
    assertTrue(read("README.md").contains("```java\n" + loss + "```"), "Smooth.java");
    Element pom = pom("src/example");
    for (Element plugin : below(pom, "build", "plugins", "plugin")) {
      assertFalse(text(plugin, "version").isEmpty(), "Maven 3.8 would take one of its own");
    }
    String tries = below(pom, "build", "plugins").get(0).getTextContent();
    assertTrue(tries.contains("jqwik.tries.default = 200"), tries);
  }

  private static String read(String path) throws IOException {
    return Files.readString(root(path));
  }
}
