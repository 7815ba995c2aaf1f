package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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

  @Test
  void nothingIsLoaded() {
    assertEquals(List.empty(), all("src=\"([^\"]+)\"").reject(to -> to.startsWith("data:")));
    assertFalse(HTML.contains("<link"));
    assertFalse(HTML.contains("@import"));
  }
}
