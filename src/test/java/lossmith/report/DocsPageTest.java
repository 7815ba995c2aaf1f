package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation on one page has every page, leads nowhere else and loads nothing. */
final class DocsPageTest {
  private static final String HTML = DocsPage.html();

  private static Seq<String> all(String pattern) {
    return List.ofAll(
        Pattern.compile(pattern).matcher(HTML).results().map(m -> m.group(1)).toList());
  }

  @Test
  void everyPageOfTheSourcesIsThere() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("docs"))) {
      assertEquals(
          List.ofAll(files.map(file -> file.getFileName().toString()).toList())
              .filter(name -> name.endsWith(".md"))
              .map(name -> name.replace(".md", ""))
              .append("README")
              .toSet(),
          DocsPage.sources().toSet());
    }
    assertEquals(DocsPage.sources(), all("<article id=\"(\\w+)\">"));
    assertTrue(HTML.contains("ratio().times(reward().per(Axis.TOKEN))"));
    assertTrue(HTML.contains("Detached&lt;Sequence&gt;"));
  }

  @Test
  void linksLeadToWhatIsOnThePage() {
    Seq<String> ids = all("id=\"([^\"]+)\"");
    assertEquals(ids.distinct(), ids, "an id twice");
    Seq<String> inside = all("href=\"#([^\"]+)\"");
    assertTrue(inside.size() > 20);
    assertEquals(List.empty(), inside.reject(ids::contains));
    assertEquals(List.empty(), all("href=\"([^\"#][^\"]*)\"").reject(to -> to.startsWith("http")));
  }

  /** Nothing is wider than the window, and a search leaves the parts with all of its words. */
  @Test
  void itIsReadAndSearchedOnAScreenAndOnAPhone(@TempDir Path folder) throws IOException {
    Optional<Browser> found = Browser.open();
    assumeTrue(found.isPresent(), "no chromium and chromedriver on the path");
    try (Browser browser = found.get()) {
      Path page = Files.writeString(folder.resolve("docs.html"), HTML);
      for (int width : new int[] {1300, 400}) {
        browser.show(page, width, 900);
        assertTrue(
            ((Number) browser.run("return document.documentElement.scrollWidth")).intValue()
                <= width,
            width + " pixels");
        Object left =
            browser.run(
                """
                const field = document.querySelector("nav input");
                field.value = "live RANK";
                field.dispatchEvent(new Event("input"));
                return [...document.querySelectorAll("section")]
                  .filter(part => part.getBoundingClientRect().height > 0)
                  .map(part => part.textContent.toLowerCase())
                  .every(text => text.includes("live") && text.includes("rank"))
                  + " " + document.querySelector("nav p").textContent;
                """);
        assertTrue(left.toString().matches("true [1-9]\\d? of \\d+ parts"), left.toString());
        Object all =
            browser.run(
                "document.querySelector('nav a').click();"
                    + " return document.querySelectorAll('.away').length");
        assertEquals(0, ((Number) all).intValue());
      }
      assertEquals(java.util.List.of(), browser.complaints());
    }
  }

  @Test
  void nothingIsLoaded() {
    assertEquals(List.empty(), all("src=\"([^\"]+)\"").reject(to -> to.startsWith("data:")));
    assertFalse(HTML.contains("<link"));
    assertFalse(HTML.contains("@import"));
  }
}
