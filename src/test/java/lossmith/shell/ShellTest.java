package lossmith.shell;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import jdk.jshell.JShell;
import lossmith.dsl.Clip;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import org.junit.jupiter.api.Test;

/** What the shell's functions print of a loss that was written there. */
class ShellTest {
  private static Loss clipped(double epsilon) {
    return maximise(
        ratio()
            .clip(Clip.around(epsilon, epsilon))
            .weightedBy(Advantages.groupNormalised(reward(), Conventions.paper()))
            .mean(ALL_TOKENS));
  }

  private static String printed(Runnable work) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsAndDraws() {
    String shown = printed(() -> Shell.show(clipped(0.2)));
    assertTrue(shown.startsWith("mine: written in the shell\n  the shell; as written\n"), shown);
    assertTrue(shown.contains("Gradient at the statistics"), shown);
    String drawn = printed(() -> Shell.plot(clipped(0.2)));
    assertTrue(drawn.contains("importance ratio r = π / π_old"), drawn);
  }

  @Test
  void namesTheTokensOnWhichItPullsAndDiffers() {
    String tokens = printed(() -> Shell.tokens(clipped(0.2), "--top-tokens", "3"));
    assertTrue(tokens.contains("mine"), tokens);
    assertEquals(3, tokens.lines().filter(line -> line.contains(" after ")).count(), tokens);
    String differing = printed(() -> Shell.compare(clipped(0.2), clipped(0.3)));
    assertTrue(differing.startsWith("mine and other differ at "), differing);
  }

  @Test
  void explainsAndHelps() {
    String explained = printed(() -> Shell.explain("ratio().times(reward())"));
    assertTrue(explained.contains("ratio().times(reward().per(Axis.TOKEN))"), explained);
    String help = printed(() -> Shell.help("times"));
    assertTrue(help.contains("x · y"), help);
    String near = printed(() -> Shell.help("tmies"));
    assertTrue(near.contains("did you mean times?"), near);
  }

  @Test
  void explainKnowsTheVariablesOfTheShell() {
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      typed(shell, "var w = lossmith.dsl.Terms.reward();");
      typed(shell, "var w = lossmith.dsl.Terms.ratio();");
      typed(shell, "class Own {}");
      typed(shell, "var own = new Own();");
      typed(shell, "double half = 0.5;");
      String whole = typed(shell, explain("w.scaledBy(half)"));
      assertTrue(whole.contains("Term of level token"), whole);
      assertTrue(whole.contains("maximise(w.scaledBy(half).mean(ALL_TOKENS))"), whole);
      String wrong = typed(shell, explain("w.times(reward())"));
      assertTrue(wrong.contains("w.times(reward().per(Axis.TOKEN))"), wrong);
      String hidden = typed(shell, explain("w.times(own)"));
      assertTrue(hidden.contains("own is nothing here"), hidden);
    }
  }

  private static String explain(String text) {
    return "lossmith.shell.Shell.explain(\"" + text + "\")";
  }

  private static String typed(JShell shell, String source) {
    return printed(
        () ->
            shell
                .eval(source)
                .forEach(event -> assertNull(event.exception(), String.valueOf(event))));
  }

  @Test
  void aWordThatIsNoExpressionIsFoundElsewhere() {
    String near = printed(() -> Shell.explain("gpro"));
    assertTrue(near.contains("show(\"grpo\")"), near);
    assertTrue(printed(() -> Shell.show("grpo")).contains("Gradient at the statistics"));
  }

  @Test
  void whatIsWrongIsSaidAndThrown() {
    ProblemException thrown =
        assertThrows(ProblemException.class, () -> Shell.show(clipped(0.2), "--no-such-option"));
    String said = String.valueOf(thrown.getMessage());
    assertTrue(said.contains("a command that failed"), said);
    assertEquals(0, thrown.getStackTrace().length, "no trace of a user's mistake");
  }
}
