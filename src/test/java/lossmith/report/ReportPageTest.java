package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.RowTexts;
import lossmith.score.ShownResponses.Shown;
import lossmith.score.TokenScores;
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
  private static final Seq<String> NAMES = List.of("grpo", "dapo", "cispo", "gspo", "nsr", "sapo");

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

  /** A run whose entropy falls while its reward rises as the law says, nearly. */
  private static TrainedArm arm(String recipe, long seed, int steps) {
    Random random = new Random(recipe.hashCode() + seed);
    return new TrainedArm(
        recipe,
        seed,
        Vector.range(0, steps + 1)
            .map(
                step -> {
                  double entropy =
                      0.1 + 0.5 * Math.exp(-step / 40.0) + 0.01 * random.nextGaussian();
                  double change = 0.01 * random.nextGaussian();
                  Map<String, Double> row =
                      LinkedHashMap.of("step", (double) step, "training/tokens", 2400.0 * step);
                  Map<String, Double> numbers =
                      row.put("actor/entropy", entropy)
                          .put("critic/rewards/mean", 2 - 0.9 * Math.exp(entropy))
                          .put("actor/ppo_kl", 0.001 * random.nextDouble())
                          .put("lossmith/clip_fraction_high", 0.01 * random.nextDouble())
                          .put("lossmith/clip_fraction_low", 0.02 * random.nextDouble())
                          .put("response_length/mean", 18 + random.nextGaussian())
                          .put("actor/grad_norm", 1 + random.nextDouble())
                          .put("lossmith/entropy_change", change)
                          .put("lossmith/entropy_change_forecast", 2 * change)
                          .put("lossmith/entropy_change_natural", random.nextGaussian());
                  return step % 25 > 0
                      ? step == 0 ? row : numbers
                      : (step == 0 ? row : numbers)
                          .put("val-core/addition/pass@1", 0.3 + step / 400.0)
                          .put("val-core/addition/pass@8", 0.9)
                          .put("val-core/addition/distinct_solutions", 3.0);
                }));
  }

  private static Map<String, Loss> losses(Seq<String> names) {
    return names.foldLeft(
        LinkedHashMap.empty(),
        (all, name) ->
            all.put(
                name,
                Recipes.all().find(r -> r.name().equals(name)).get().loss(Conventions.paper())));
  }

  /** Numbers that tell row, token and objective apart. */
  private static TokenScores scores(int row, int tokens, int objective) {
    double[] weight = new double[tokens];
    double[] ratio = new double[tokens];
    double[] above = new double[tokens];
    double[] entropy = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      weight[t] = (row % 2 == 0 ? 1e-3 : -1e-3) * (1 + row) * (1 + objective);
      ratio[t] = 1 + 0.01 * t;
      above[t] = t == 3 + objective ? 1 : 0;
      entropy[t] = t % 5 == 0 ? 1 : 0.01;
    }
    return new TokenScores(
        Option.some(ratio),
        Option.some(weight),
        Option.some(weight),
        Option.some(new double[tokens]),
        Option.some(above),
        Option.some(entropy),
        Option.some(weight),
        Option.none(),
        LinkedHashMap.empty());
  }

  private static Microscope microscope(Seq<String> names, int responses, int tokens) {
    return new Microscope(
        losses(names),
        Option.none(),
        Vector.range(0, responses)
            .map(
                row ->
                    new Shown(
                        row,
                        tokens,
                        Vector.range(0, tokens),
                        Option.some(Vector.range(100, 100 + tokens)),
                        Option.some(row % 2 == 0 ? 0.0 : 1.0),
                        0,
                        names
                            .zipWithIndex()
                            .foldLeft(
                                LinkedHashMap.<String, TokenScores>empty(),
                                (all, one) -> all.put(one._1, scores(row, tokens, one._2))))),
        RowTexts.none(),
        "All of them.");
  }

  private static Path written(Path folder, int seeds, int steps) throws IOException {
    ReportPage page =
        new ReportPage(
            "six </script> on \"addition\"",
            List.of("a task", "200 steps"),
            Option.some(
                new TrainingCurves(
                    NAMES.flatMap(
                        name -> Vector.rangeClosed(1, seeds).map(seed -> arm(name, seed, steps))))),
            List.of(
                new PageTable(
                    "Effects", List.of("", "mean"), List.of(List.of("x", "1")), "a note")),
            Option.some(microscope(NAMES, 40, 20)));
    return Files.writeString(folder.resolve("report.html"), page.html());
  }

  @Test
  void sixRecipesOf200StepsAreSmallAndNothingIsLoaded(@TempDir Path folder) throws IOException {
    String page = Files.readString(written(folder, 5, 200));
    assertTrue(page.length() < LARGEST, page.length() + " bytes");
    assertFalse(page.contains("src=\"") || page.contains("@import"), "loads something");
    assertTrue(page.contains("six &lt;/script&gt; on"), "escaped");
  }

  @ParameterizedTest
  @CsvSource({"1300, 1", "400, 5"})
  void aPageIsWholeAtEveryWidthInLightAndDark(int width, int seeds, @TempDir Path folder)
      throws IOException {
    Browser browser = browser();
    browser.show(written(folder, seeds, 40), width, 900);
    assertEquals(java.util.List.of(), browser.complaints());
    assertEquals(11L + 18, browser.run("return document.querySelectorAll('.chart canvas').length"));
    assertEquals("", browser.run(Scripts.MISSING_GLYPHS), "characters without a glyph");
    for (String theme : new String[] {"light", "dark"}) {
      Object unused = browser.run("setTheme('" + theme + "')");
      assertEquals(
          0L,
          browser.run(
              "const page = document.documentElement; return page.scrollWidth - page.clientWidth"));
      assertEquals("", browser.run(Scripts.FAINT_TEXT), "text that is hard to read, " + theme);
      assertEquals(
          java.util.List.of(), browser.run(Scripts.EMPTY_CHARTS), "charts without a drawing");
    }
    assertEquals(java.util.List.of(), browser.complaints());
  }

  @Test
  void switchesOfTheCurvesChangeWhatIsDrawn(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    browser.show(written(folder, 1, 40), 1300, 900);
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

  @Test
  void theMicroscopeSortsColoursComparesAndTells(@TempDir Path folder) throws IOException {
    Browser browser = browser();
    browser.show(written(folder, 1, 40), 1300, 900);
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
