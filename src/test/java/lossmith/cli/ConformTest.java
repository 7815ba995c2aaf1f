package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Axis;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConformTest {
  /**
   * −mean(A · log π) / a of A = (a, −a), log π = (−1, −2): value −1/2, gradient (−1/2, 1/2); a of
   * GRPO.
   */
  private static final String EXPECTED =
      """
      {"probe_index":[1],"grpo":{"advantages":[0.7071057811879616,-0.7071057811879616]},"rollout_is_token_weights":{},"kl_to_ref_masked_mean":{},
       "cases":[{"name":"one","loss_name":"gpg","config":{},"loss":%s,"ppo_kl":null,
        "grad":{"l2":0.7071067811865476,"sum":0,"max_abs":0.5,"nonzero":2,"first20":[-0.5,0.5],"probe":[0.5]}},
        {"name":"two","loss_name":"%s","config":{},"loss":-0.5,
        "grad":{"l2":0.7071067811865476,"sum":0,"max_abs":0.5,"nonzero":2,"first20":[-0.5,0.5],"probe":[0.5]}}]}
      """;

  /** (1 − 1/2) / (√½ + 1e-6). */
  private static final double A = 0.5 / (Math.sqrt(0.5) + 1e-6);

  @TempDir Path folder = Path.of("");

  private Typed conform(String loss, String name) throws Exception {
    return conform(EXPECTED.formatted(loss, name));
  }

  private Typed conform(String golden) throws Exception {
    Path rows =
        Files.writeString(
            folder.resolve("rollouts.jsonl"),
            """
            {"prompt_id":1,"tokens":[0],"reward":1,"log_prob":[-1]}
            {"prompt_id":1,"tokens":[1],"reward":0,"log_prob":[-2]}
            """);
    assertTrue(Files.exists(rows));
    Path expected = Files.writeString(folder.resolve("expected.json"), golden);
    assertTrue(Files.exists(expected));
    var out = new StringWriter();
    var err = new StringWriter();
    var gpg =
        Terms.maximise(
            Terms.logProb()
                .weightedBy(Terms.given("advantage", Axis.TOKEN).scaledBy(1 / A))
                .mean(Over.ALL_TOKENS));
    var command = new ConformCommand((peer, config) -> Option.when(peer.equals("gpg"), gpg));
    int exit =
        new CommandLine(command)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler(new UserErrors())
            .execute(folder.toString());
    return new Typed(exit, out.toString(), err.toString());
  }

  @Test
  void whatAgreesPasses() throws Exception {
    Typed run = conform("-0.5", "gpg");
    assertEquals(0, run.exit(), run.out() + run.err());
  }

  @Test
  void whatDiffersFails() throws Exception {
    Typed run = conform("-0.50000001", "gpg");
    assertEquals(1, run.exit(), run.out());
    assertTrue(
        run.out().lines().anyMatch(line -> line.startsWith("one float64") && line.endsWith("NO")));
    assertTrue(run.out().lines().anyMatch(line -> line.startsWith("two") && line.endsWith("yes")));
  }

  /** Each is said, counted, and no case of it passes. */
  @Test
  void whatIsNotComparedIsNoYes() throws Exception {
    String good = EXPECTED.formatted("-0.5", "gpg");
    Typed run = conform(good.replace("\"loss\":-0.5,\"ppo_kl\":null", "\"loss\":\"fine\""));
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.out().contains("one float64: loss not compared: \"fine\" is no number"));
    assertTrue(row(run, "one float64").endsWith("not compared"), run.out());
    assertTrue(row(run, "two float64").endsWith("yes"), run.out());
    run = conform(good.replace("\"first20\":[-0.5,0.5]", "\"first20\":[]"));
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.out().contains("grad first20 not compared: an empty list"), run.out());
    assertTrue(run.out().contains(" figures compared, 6 not."), run.out());
    run = conform(good.replace("\"loss\":-0.5,\"ppo_kl\":null", "\"ppo_kl\":null"));
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.out().contains("loss not compared: none is expected"), run.out());
  }

  @Test
  void whatIsNotANumberDiffers() throws Exception {
    Typed run = conform("\"NaN\"", "gpg");
    assertEquals(1, run.exit(), run.out());
    assertTrue(row(run, "one float64").endsWith("NO"), run.out());
  }

  @Test
  void aListWithATextAndACaseGivenTwiceAreBadInput() throws Exception {
    String good = EXPECTED.formatted("-0.5", "gpg");
    Typed run = conform(good.replace("\"probe\":[0.5]", "\"probe\":[\"half\"]"));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("\"half\" under \"probe\""), run.err());
    run = conform(good.replace("\"two\"", "\"one\""));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("one more than once"), run.err());
  }

  private static String row(Typed run, String start) {
    return run.out().lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }

  @Test
  void whatCannotBeExpressedFails() throws Exception {
    Typed run = conform("-0.5", "unheard_of");
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.out().contains("cannot be expressed"), run.out());
  }
}
