package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a text, by explain and by whichever command is given one. */
final class ExplainTest {
  private static final String WRONG = "ratio().times(reward()).mean(ALL_TOKENS)";

  @Test
  void whatDoesNotCompileIsExplained() {
    Typed run = Typed.run("explain", WRONG);
    assertEquals(1, run.exit());
    assertEquals(
        """
          ratio().times(reward()).mean(ALL_TOKENS)
                        ^^^^^^^^
        reward() is Detached<Sequence>, a detached number per response.
        """
            .stripTrailing(),
        run.out().lines().limit(3).reduce((a, b) -> a + "\n" + b).orElse(""));
    assertTrue(
        run.out().contains("  ratio().times(reward().per(Axis.TOKEN)).mean(ALL_TOKENS)"),
        run.out());
    assertEquals("", run.err());
  }

  @Test
  void whatCompilesIsToldByLevelAndByWhatItLacks() {
    Typed term = Typed.run("explain", "r.times(A)");
    assertEquals(0, term.exit(), term.out());
    assertTrue(term.out().contains("Term of level token: gradient flows through it."), term.out());
    assertTrue(term.out().contains("  maximise(r.times(A).mean(ALL_TOKENS))"), term.out());
    Typed number = Typed.run("explain", "r.mean(ALL_TOKENS)");
    assertTrue(number.out().contains("  maximise(r.mean(ALL_TOKENS))  // to make"), number.out());
    assertTrue(number.out().contains("  minimise(r.mean(ALL_TOKENS))  // to make"), number.out());
    Typed data = Typed.run("explain", "reward()");
    assertTrue(data.out().contains("Detached of level sequence"), data.out());
    assertTrue(
        data.out().contains("maximise(logProb().weightedBy(reward().per(Axis.TOKEN)).mean("),
        data.out());
    Typed loss = Typed.run("explain", "maximise(r.times(A).mean(ALL_TOKENS))");
    assertTrue(loss.out().contains("Loss that is minimised; trains policy."), loss.out());
    Typed dead = Typed.run("explain", "maximise(A.mean(ALL_TOKENS))");
    assertTrue(dead.out().contains("dead-objective"), dead.out());
    Typed word = Typed.run("explain", "times");
    assertTrue(word.out().contains("x · y"), word.out());
  }

  @Test
  void aWordThatIsNoExpressionIsFoundElsewhere() {
    assertTrue(Typed.withRecipes("explain", "gpro").out().contains("\n  show grpo\n"));
    assertTrue(Typed.withRecipes("explain", "tmies").out().contains("\n  explain times\n"));
    assertTrue(Typed.withRecipes("explain", "show").out().endsWith("\n  show --help\n"));
    Typed exact = Typed.withRecipes("explain", "clip-higher");
    assertEquals(1, exact.exit());
    assertEquals("\"clip-higher\" is no expression. About it:\n  show clip-higher\n", exact.out());
  }

  @Test
  void aLawIsToldByWhatItAsks() {
    Typed run = Typed.run("explain", "weight-direction");
    assertEquals(0, run.exit(), run.out());
    assertTrue(
        run.out()
            .startsWith("The law weight-direction: near the policy that sampled, an importance"),
        run.out());
    assertTrue(run.out().contains("\n  ∂w_t/∂log μ ≤ 0"), run.out());
  }

  @Test
  void argumentsInTheWrongOrderAreExchanged() {
    assertEquals("given(\"x\", TOKEN)", first("given(TOKEN, \"x\")"));
    assertEquals("select(r.positive(), r, A)", first("select(r, r.positive(), A)"));
    assertEquals("parameter(\"beta\", 0.1, 0, 1)", first("parameter(0.1, \"beta\", 0, 1)"));
  }

  @Test
  void theFirstRemedyOfTwoBoundsKeepsWhatTheyMean() {
    assertEquals("ratio().clip(Clip.between(0.8, 1.2))", first("ratio().clip(0.8, 1.2)"));
    assertEquals("ratio().clip(Clip.around(0.2, 0.28))", first("ratio().clip(0.2, 0.28)"));
    assertEquals("r.minus(A).clip(Clip.between(-1, 1))", first("r.minus(A).clip(-1, 1)"));
  }

  private static String first(String text) {
    String told = Typed.run("explain", text).out();
    return told.substring(told.indexOf("Write:\n") + 7).split("  //", -1)[0].strip();
  }

  @Test
  void whatIsRefusedWhenItRunsIsTold() {
    Typed run = Typed.run("explain", "Clip.between(2, 1)");
    assertEquals(1, run.exit());
    assertTrue(run.out().startsWith("clip: got "), run.out());
  }

  @Test
  void everyCommandThatIsGivenOneSaysTheSame() {
    String explained = Typed.run("explain", "minimise(" + WRONG + ")").out();
    for (String command : new String[] {"show", "prove", "export --to pytorch"}) {
      Seq<String> typed = List.of(command.split(" ", -1)).append("minimise(" + WRONG + ")");
      Typed run = Typed.run(typed.toJavaArray(String[]::new));
      assertEquals(2, run.exit());
      assertEquals(explained, run.err(), command);
    }
  }

  @Test
  void aFileIsExplainedByLineWithTheImportsThatItLacks(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("Mine.java"),
            """
            package my;

            import static lossmith.dsl.Terms.logProb;
            import static lossmith.dsl.Terms.reward;

            import lossmith.dsl.Loss;

            class Mine {
              static Loss loss() {
                return minimise(logProb().times(reward()));
              }
            }
            """);
    Typed run = Typed.run("show", file.toString());
    assertEquals(2, run.exit());
    assertTrue(run.err().startsWith(file + ":10:37\n"), run.err());
    assertTrue(run.err().contains("with import static lossmith.dsl.Terms.*"), run.err());
    assertTrue(run.err().contains("logProb().times(reward().per(Axis.TOKEN))"), run.err());
    assertTrue(run.err().contains("with import lossmith.dsl.Axis"), run.err());
    assertTrue(run.err().contains(".mean(Over.ALL_TOKENS));"), run.err());
    assertFalse(run.err().contains("lossmith.dsl.Level"), run.err());
  }

  @Test
  void whatIsWrittenOverSeveralLinesIsMendedOnTheLineWhereItIsWrong(@TempDir Path folder)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("Mine.java"),
            """
            class Mine {
              static Loss loss() {
                return maximise(
                    ratio()
                        .times(reward().per(TOKEN))); // \u001b[31m
              }
            }
            """);
    assertEquals(
        file
            + """
            :4:9
              ratio()
              ^^^^^^^
            ratio().times(reward().per(TOKEN)) is Term<Token>, a live number per token.
            Expected: maximise takes Term<Batch>, a number of the whole batch.
            Levels do not mix: per goes to a finer one, a reduction to a coarser one.
            Write:
              ratio()
                  .times(reward().per(TOKEN)).mean(ALL_TOKENS)); // \\u001b[31m  // every token counts alike
            """
                .stripTrailing(),
        Typed.run("show", file.toString())
            .err()
            .lines()
            .limit(9)
            .reduce((a, b) -> a + "\n" + b)
            .orElse(""));
  }

  @Test
  void aFileThatIsNotThereIsBadInput() {
    Typed run = Typed.run("explain", "nowhere/Mine.java");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("which does not exist"), run.out());
  }

  @Test
  void aColumnInQuotationMarksIsTheWordOfThatColumn() {
    assertTrue(
        Typed.run("explain", "ratio().times(\"reward\")")
            .out()
            .contains("ratio().times(reward().per(Axis.TOKEN))"));
    assertTrue(
        Typed.run("explain", "ratio().times(\"old_log_prob\")")
            .out()
            .contains("ratio().times(oldLogProb())"));
    assertTrue(
        Typed.run("explain", "ratio().times(\"my_weight\")")
            .out()
            .contains("ratio().times(given(\"my_weight\", Axis.TOKEN))"));
  }
}
