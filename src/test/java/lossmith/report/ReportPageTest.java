package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pages in a real browser. On a machine without one these tests are skipped, which the count of
 * tests shows; {@link Browser} says where it is looked for.
 */
class ReportPageTest {
  private static final int LARGEST = 3_000_000;

  private static Optional<Browser> browser = Optional.empty();

  @BeforeAll
  static void open() {
    browser = Browser.open();
  }

  @AfterAll
  static void close() {
    browser.ifPresent(Browser::close);
  }

  private static Browser browser() {
    assumeTrue(browser.isPresent(), "no chromium and chromedriver on the path");
    return browser.get();
  }

  @Test
  void sixRecipesOf200StepsAreSmallAndNothingIsLoaded(@TempDir Path folder) throws IOException {
    String page = Files.readString(ReportPages.written(folder, 5, 200));
    assertTrue(page.length() < LARGEST, page.length() + " bytes");
    assertFalse(page.contains("src=\"") || page.contains("@import"), "loads something");
    assertTrue(page.contains("six &lt;/script&gt; on"), "escaped");
  }

  @ParameterizedTest
  @CsvSource({"1300, 1", "400, 5"})
  void aPageIsWholeAtEveryWidthInLightAndDark(int width, int seeds, @TempDir Path folder)
      throws IOException {
    Browser browser = browser();
    browser.show(ReportPages.written(folder, seeds, 40), width, 900);
    assertEquals(java.util.List.of(), browser.complaints());
    assertEquals(11L + 18, browser.run("return document.querySelectorAll('.chart canvas').length"));
    assertEquals("", browser.run(Scripts.MISSING_GLYPHS), "characters without a glyph");
    assertEquals(0L, browser.run(Scripts.SAID_OUTSIDE));
    for (String theme : new String[] {"light", "dark"}) {
      Object unused = browser.run("setTheme('" + theme + "')");
      assertEquals(
          0L,
          browser.run(
              "const page = document.documentElement; return page.scrollWidth - page.clientWidth"));
      assertEquals(java.util.List.of(), browser.run(Scripts.WIDE_TABLES), "tables that are cut");
      assertEquals("", browser.run(Scripts.FAINT_TEXT), "text that is hard to read, " + theme);
      assertEquals(
          java.util.List.of(), browser.run(Scripts.EMPTY_CHARTS), "charts without a drawing");
    }
    assertEquals(java.util.List.of(), browser.complaints());
  }

  @Test
  void switchesOfTheCurvesChangeWhatIsDrawn(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    browser.show(ReportPages.written(folder, 1, 40), 1300, 900);
    Object steps = browser.run(Scripts.PICTURE);
    assertNotEquals(steps, browser.run(Scripts.chosen("against", "tokens") + Scripts.PICTURE));
    Object tokens = browser.run(Scripts.PICTURE);
    assertNotEquals(tokens, browser.run(Scripts.chosen("smooth", "15") + Scripts.PICTURE));
    Object all = browser.run(Scripts.PICTURE);
    assertNotEquals(
        all, browser.run("document.querySelector('#recipes button').click();" + Scripts.PICTURE));
    String slope =
        String.valueOf(browser.run("return document.getElementById('forecastTable').innerText"));
    assertTrue(slope.contains("0.5 [0.5, 0.5]"), slope);
    String law =
        String.valueOf(browser.run("return document.getElementById('lawTable').innerText"));
    assertTrue(law.contains("0.9 [0.9, 0.9]") && law.contains("2 [2, 2]"), law);
    assertEquals(java.util.List.of(), browser.complaints());
  }

  /** The charts after something was done; they are drawn when its script is over. */
  private static Object drawn(Browser browser, String script) {
    Object unused = browser.run(script);
    return browser.run(Scripts.PICTURE);
  }

  @Test
  void ofManyObjectivesOneBandIsDrawn(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    browser.show(ReportPages.written(folder, 3, 40), 1300, 900);
    Object none = browser.run(Scripts.PICTURE);
    String legend = "document.querySelectorAll('#recipes button')[2]";
    String leave = legend + ".dispatchEvent(new PointerEvent('pointerleave'));";
    Object pointed = drawn(browser, legend + ".dispatchEvent(new PointerEvent('pointerenter'));");
    assertNotEquals(none, pointed);
    assertEquals(none, drawn(browser, leave));
    assertEquals(pointed, drawn(browser, Scripts.chosen("band", "2")));
    assertEquals(
        java.util.List.of("Change of the entropy by a step"), browser.run(Scripts.BELOW_ZERO));
    assertNotEquals(pointed, drawn(browser, Scripts.chosen("view", "difference")));
    assertEquals(
        "difference to grpo",
        browser.run("return document.getElementById('view').selectedOptions[0].text"));
    assertEquals(java.util.List.of(), browser.complaints());
  }

  @Test
  void oneRunHasNothingToChooseFrom(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    browser.show(ReportPages.written(folder, ReportPages.NAMES.take(1), 1, 40), 1300, 900);
    String said = String.valueOf(browser.run("return document.getElementById('bands').innerText"));
    assertTrue(said.startsWith("The faint line") && !said.contains("hides"), said);
    assertEquals(
        "against, mean over",
        browser.run(
            "return [...document.querySelectorAll('#curves label')].filter(l =>"
                + " l.checkVisibility()).map(l => l.firstChild.data.trim()).join(', ')"));
  }

  @Test
  void theKeyboardReachesTheTokensAndAnEmptyOneIsSeen(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    Path page = ReportPages.written(folder, ReportPages.NAMES, 1, 10);
    Path empty = Files.writeString(page, Files.readString(page).replace("\"#102 \"", "\"\""));
    browser.show(empty, 1300, 900);
    Object told = browser.run(Scripts.KEYS);
    assertTrue(String.valueOf(told).contains("token 4 of 20"), "" + told);
    assertEquals(browser.run(Scripts.HOVER), told, "the same as under the pointer");
    assertEquals(
        "none",
        browser.run(
            "document.activeElement.blur();"
                + "return getComputedStyle(document.getElementById('tip')).display"));
    assertEquals(
        24L,
        browser.run("return document.querySelectorAll('#responses [tabindex=\"0\"]').length"),
        "a stop of the tabulator in each response");
    assertEquals(
        "∅", browser.run("return document.querySelectorAll('#responses .text span')[2].innerText"));
    assertEquals("", browser.run(Scripts.MISSING_GLYPHS), "characters without a glyph");
    assertEquals(java.util.List.of(), browser.complaints());
  }

  @Test
  void theMicroscopeSortsColoursComparesAndTells(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    browser.show(ReportPages.written(folder, 1, 40), 1300, 900);
    assertEquals("row 40", browser.run(Scripts.FIRST_ROW), "the hardest pull");
    assertEquals("row 1", browser.run(Scripts.chosen("sort", "file") + Scripts.FIRST_ROW));
    Object pull = browser.run(Scripts.COLOURS);
    assertNotEquals(pull, browser.run(Scripts.chosen("colour", "entropy") + Scripts.COLOURS));
    Object clip = browser.run(Scripts.chosen("colour", "clip") + Scripts.COLOURS);
    Object other = browser.run(Scripts.chosen("objective", "1") + Scripts.COLOURS);
    assertNotEquals(clip, other, "another objective clips another token");
    assertNotEquals(other, browser.run(Scripts.chosen("minus", "0") + Scripts.COLOURS));
    assertEquals(
        4L,
        browser.run(
            "return document.querySelector('#responses .text').querySelectorAll('.fork').length"));
    assertEquals(24L, browser.run("return document.querySelectorAll('.response').length"));
    assertEquals(
        40L,
        browser.run(
            "document.getElementById('more').click();"
                + "return document.querySelectorAll('.response').length"));
    String told = String.valueOf(browser.run(Scripts.HOVER));
    assertTrue(told.contains("\"#103 \" token 4 of 20, entropy 0.01 nats"), told);
    assertTrue(told.contains("gspo") && told.contains("above the bound"), told);
    assertEquals(java.util.List.of(), browser.complaints());
  }
}
