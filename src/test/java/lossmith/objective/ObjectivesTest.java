package lossmith.objective;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever names an objective names the loss that was written, and whatever does not says why. */
final class ObjectivesTest {
  private static final Objectives OBJECTIVES = new Objectives(Recipes.all());
  private static final Loss MEAN = minimise(logProb().mean(ALL_TOKENS));

  @TempDir private Path folder = Path.of("");

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static Loss loss(String name) {
    return OBJECTIVES.named(name).loss(Conventions.paper());
  }

  private static void assertSame(Loss expected, Loss found) {
    assertEquals(expected.fingerprint(), found.fingerprint());
  }

  private static String refused(String names) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> assertTrue(OBJECTIVES.select(names).isEmpty()));
    return refused.problems().mkString("\n");
  }

  @Test
  void anExpressionIsTheLossThatIsWritten() {
    assertSame(MEAN, loss("minimise(logProb().mean(ALL_TOKENS))"));
    Loss surrogate =
        maximise(
            ratio()
                .weightedBy(Advantages.groupNormalised(reward(), Conventions.paper()))
                .mean(ALL_TOKENS));
    assertSame(surrogate, loss("maximise(r.weightedBy(A).mean(ALL_TOKENS))"));
  }

  @Test
  void aCommaBetweenBracketsSeparatesNothing() {
    String two = "minimise(logProb().clip(Clip.between(-1, 0)).mean(ALL_TOKENS)),grpo";
    assertEquals(List.of("grpo"), OBJECTIVES.select(two).tail().map(Recipe::name).toList());
  }

  @Test
  void aFileMayLeaveOutPackageAndImports() throws IOException {
    String bare =
        file(
            "Mine.java",
            "class Any { static Loss a() { return minimise(logProb().mean(ALL_TOKENS)); } }");
    assertSame(MEAN, loss(bare));
    assertEquals("Mine", OBJECTIVES.named(bare).name());
    String whole =
        file(
            "Whole.java",
            "package my.own;\n\nimport lossmith.dsl.*;\n\npublic class Whole {\n  static Loss a() {"
                + " return Terms.minimise(Terms.logProb().mean(Over.ALL_TOKENS)); }\n}\n");
    assertSame(MEAN, loss(whole));
  }

  @Test
  void everyRecipeAndEveryStaticLossOfAFileIsFound() throws IOException {
    String text =
        """
        public class Many implements Recipe {
          public Card card() { return Card.of("many", "t", new Source("p", "w", "https://u")); }
          public Loss loss(Conventions c) { return minimise(logProb().mean(ALL_TOKENS)); }
          static Loss second(Conventions c) { return loss(); }
          static Loss third() { return loss(); }
          private static Loss loss() { return minimise(logProb().mean(ALL_TOKENS)); }
          static Loss of(int n) { return loss(); }
        }
        """;
    String many = file("Many.java", text);
    assertEquals(
        List.of("many", "second", "third", "loss").toSet(),
        OBJECTIVES.select(many).map(Recipe::name).toSet());
    assertSame(MEAN, loss(many + "#third"));
    assertTrue(assertThrows(ProblemException.class, () -> loss(many)).toString().contains("#"));
    assertTrue(refused(many + "#fourth").contains("one of many, "));
  }

  @Test
  void anErrorHasTheLineThatTheUserWrote() throws IOException {
    String wrong =
        file(
            "Wrong.java",
            "package my;\n\nclass Wrong {\n  static Loss a() { return ratio(); }\n}\n");
    String told = refused(wrong + ",minimise(logProb().mean()),nowhere");
    assertTrue(told.contains("Wrong.java:4:28: ratio() is Term<Token>"), told);
    assertTrue(told.contains("write static Loss a() { return maximise("), told);
    assertTrue(told.contains("1:20: mean of Term<Token> is given no argument"), told);
    assertTrue(told.contains("\"nowhere\", no recipe"), told);
  }

  @Test
  void aFileWithoutAnObjectiveAndOneThatIsNotThereSaySo() throws IOException {
    assertTrue(refused(file("None.java", "class None {}")).contains("nothing is an objective"));
    assertTrue(
        refused(folder.resolve("Absent.java").toString())
            .contains("Absent.java, which does not exist"));
  }

  /** Says when it is loaded, and when it is made. */
  static final class NoRecipe {
    static {
      System.setProperty("lossmith.test.loaded", "yes");
    }

    private NoRecipe() {
      System.setProperty("lossmith.test.made", "yes");
    }
  }

  /** A recipe that cannot be made. */
  static final class Failing implements Recipe {
    private Failing() {
      throw new IllegalStateException("oh");
    }

    @Override
    public Card card() {
      return Recipes.all().head().card();
    }

    @Override
    public Loss loss(Conventions c) {
      return MEAN;
    }
  }

  @Test
  void nothingIsRunOfAClassThatIsNoRecipe() {
    String name = ObjectivesTest.class.getName() + "$NoRecipe";
    assertTrue(refused(name).contains("a class that is no Recipe"));
    assertNull(System.getProperty("lossmith.test.loaded"));
    assertNull(System.getProperty("lossmith.test.made"));
    String failing = ObjectivesTest.class.getName() + "$Failing";
    assertTrue(refused(failing).contains("new Failing() throws java.lang.IllegalStateException"));
  }

  @Test
  void theFilesAmongTheNamesAreKnown() {
    assertEquals(
        List.of(Path.of("a/B.java"), Path.of("C.java")),
        Objectives.files(List.of("grpo,a/B.java#c", "C.java", "min(a, \"D.java\")")));
  }

  @Test
  void whatTheUsersCodeThrowsIsAProblem() throws IOException {
    String thrown =
        file(
            "Throws.java",
            "class Throws { static Loss a() { throw new RuntimeException(\"oh\"); } }");
    ProblemException told =
        assertThrows(ProblemException.class, () -> assertSame(MEAN, loss(thrown)));
    assertTrue(
        told.toString().contains("a(...) throws java.lang.RuntimeException: oh"), told::toString);
  }
}
