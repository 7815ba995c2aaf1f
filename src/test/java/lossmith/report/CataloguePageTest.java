package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.Seq;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lossmith.recipes.catalogue.Family;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the catalogue in a real browser; skipped where there is none. */
class CataloguePageTest {
  /** What is cut off at the side of the page, or in a box that does not scroll. */
  private static final String CUT =
      """
      for (const details of document.querySelectorAll('details')) details.open = true;
      const page = document.documentElement;
      const cut = page.scrollWidth > page.clientWidth ? ['the page, by ' + (page.scrollWidth - page.clientWidth)] : [];
      for (const box of document.querySelectorAll('body *')) {
        if (box.closest('svg, math') || !box.clientWidth) continue;
        const style = getComputedStyle(box);
        if (box.scrollWidth > box.clientWidth + 1 && style.overflowX === 'hidden') cut.push(box.tagName);
        if (box.scrollWidth > box.clientWidth + 1 && style.overflowX === 'auto' && !box.matches('.wide'))
          cut.push('without a shadow ' + box.tagName);
      }
      return cut.join('; ');
      """;

  private static final String SHOWN =
      """
      const field = document.getElementById('find');
      field.value = '%s';
      field.dispatchEvent(new Event('input'));
      const shown = all => [...all].filter(one => one.getClientRects().length);
      return shown(document.querySelectorAll('article')).map(one => one.id).join(' ')
        + ' | ' + shown(document.querySelectorAll('section.group h2')).map(one => one.textContent.split(':')[0]).join(' ')
        + ' | ' + document.getElementById('found').textContent;
      """;

  private static Path page(Path folder) throws Exception {
    Seq<Family> some = Recipes.families().filter(f -> f.name().matches("policy|entropy"));
    return Files.writeString(folder.resolve("catalogue.html"), CataloguePage.of(some));
  }

  @Test
  void nothingIsCutOrFaintAndWordsFind(@TempDir Path folder) throws Exception {
    Optional<Browser> found = Browser.open();
    assumeTrue(found.isPresent(), "no chromium and chromedriver on the path");
    Path page = page(folder);
    try (Browser browser = found.get()) {
      for (String theme : new String[] {"light", "dark"}) {
        browser.theme(theme);
        for (int width : new int[] {1300, 400}) {
          browser.show(page, width, 900);
          assertEquals("", browser.run(CUT), theme + ", " + width);
          assertEquals("", browser.run(Scripts.FAINT_TEXT), "text that is hard to read, " + theme);
        }
      }
      String all = (String) browser.run(SHOWN.formatted(""));
      assertTrue(all.startsWith("cispo dapo ") && all.endsWith("| "), all);
      assertEquals("luspo | policy | 1 found", browser.run(SHOWN.formatted("luspo")));
      String two = (String) browser.run(SHOWN.formatted("Entropy  covariance"));
      assertTrue(two.startsWith("clip-cov ") && two.contains("| entropy |"), two);
      assertEquals(
          " |  | Nothing has all these words.", browser.run(SHOWN.formatted("no such thing")));
      assertEquals(java.util.List.of(), browser.complaints());
    }
  }
}
