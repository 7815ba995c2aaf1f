package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
  private static final String FINE =
      """
      {"prompt_id":"a","tokens":[0,1],"reward":1,"log_prob":[-0.5,-0.1],"old_log_prob":[-1.0,-0.2]}
      {"prompt_id":"a","tokens":[1,1],"reward":0,"log_prob":[-1.0,-0.3],"old_log_prob":[-1.0,-0.4]}
      """;

  @TempDir Path folder = Path.of("");

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("r.jsonl"), text).toString();
  }

  private static Path sample(String name) {
    Path here = Path.of("src/main/resources/sample").resolve(name);
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }

  @Test
  void nothingIsFoundWhereNothingIsWrong() throws Exception {
    Typed run = Typed.run("check", file(FINE), "--strict");
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        run.out().contains("2 responses to 1 prompt, 4 tokens of the policy. Nothing was found."),
        run.out());
    Typed score = Typed.run("score", file(FINE), "--recipe", "clipped");
    assertFalse(score.out().contains("check:"), score.out());
  }

  @Test
  void aFileOfNamesThatNobodyKnowsIsToldByThem() throws Exception {
    Typed run = Typed.run("check", file("{\"uid\":\"a\",\"answer\":[5,6],\"lp\":[-1,-2]}\n"));
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("per token: uid, answer, lp; expected"), run.err());
    assertTrue(run.err().contains("write --columns log_prob=NAME"), run.err());
  }

  @Test
  void theEmbeddedSampleIsFine() {
    Typed run =
        Typed.run(
            "check",
            sample("rollouts.parquet").toString(),
            "--logits",
            sample("logits.npy").toString(),
            "--strict");
    assertEquals(0, run.exit(), run.out() + run.err());
    assertTrue(run.out().contains("log_prob is that of the logits at all 11193 tokens"));
  }

  @Test
  void aFileLargerThanTheMemoryIsLookedAtAsFarAsItGoes() throws Exception {
    int tokens = 10_000;
    int rows = 120;
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      String last = row == rows - 1 ? "0.5" : "-0.5";
      text.append("{\"prompt_id\":\"p").append(row / 2).append("\",\"reward\":").append(row % 2);
      text.append(",\"log_prob\":[").append("-0.5,".repeat(tokens - 1)).append(last).append("]}\n");
    }
    String file = file(text.toString());
    Typed whole = Typed.run("check", file, "--memory", "1G");
    assertEquals(1, whole.exit(), whole.err());
    assertTrue(whole.out().contains("120 responses to 60 prompts, 1200000 tokens"), whole.out());
    assertTrue(whole.out().contains("first: row 120, entry 10000"), whole.out());
    Typed part = Typed.run("check", file, "--memory", "256M");
    assertEquals(0, part.exit(), part.out());
    assertTrue(part.out().contains("of 120 responses the first 1"), part.out());
    assertTrue(part.out().contains("More memory (--memory) holds more."), part.out());
  }

  @Test
  void aWarningIsAnErrorWhereOneIsStrict() throws Exception {
    String unrecorded = file(FINE.replace("[-0.5,-0.1]", "[0,-0.1]"));
    Path json = folder.resolve("check.json");
    Typed run = Typed.run("check", unrecorded, "--json", json.toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("1 warning."), run.out());
    assertTrue(run.out().contains("first: row 1, entry 1"), run.out());
    JsonNode tree = new ObjectMapper().readTree(json.toFile());
    assertEquals(0, tree.get("errors").asInt());
    assertEquals(1, tree.get("warnings").asInt());
    assertEquals(2, tree.get("responses").asInt());
    assertEquals(4, tree.get("tokens").asInt());
    JsonNode finding = tree.get("findings").get(0);
    assertEquals("unrecorded-log-prob", finding.get("code").asText());
    assertEquals("warning", finding.get("severity").asText());
    assertEquals(1, finding.get("count").asInt());
    assertEquals(1, finding.get("first").get("row").asInt());
    assertEquals(1, finding.get("first").get("entry").asInt());
    assertEquals(-1.0, finding.get("numbers").get("other").asDouble());
    assertTrue(finding.hasNonNull("sentence") && finding.hasNonNull("remedy"));
    Typed strict = Typed.run("check", unrecorded, "--strict");
    assertEquals(1, strict.exit(), strict.out());
    assertTrue(strict.out().contains("1 error."), strict.out());
  }

  @Test
  void scoreSaysInOneLineThatSomethingIsWrong() throws Exception {
    String path = file(FINE.replace("[-0.5,-0.1]", "[0,0.1]"));
    Typed run = Typed.run("score", path, "--recipe", "clipped");
    assertEquals(0, run.exit(), run.err());
    String line = "check: 1 error, 1 warning, see `check " + path + "`";
    assertEquals(1, run.out().lines().filter(line::equals).count(), run.out());
    assertTrue(run.out().indexOf(line) < run.out().indexOf("recipe  "), run.out());
  }

  @Test
  void whatNoLossCanReadIsStillChecked() throws Exception {
    String path = file(FINE.replace("[-0.5,-0.1]", "[-Infinity,NaN]"));
    assertEquals(2, Typed.run("score", path, "--recipe", "clipped").exit());
    Typed run = Typed.run("check", path);
    assertEquals(1, run.exit(), run.err());
    assertTrue(run.out().contains("log_prob is -infinity at 1 token"), run.out());
    assertTrue(run.out().contains("log_prob is NaN or null at 1 token"), run.out());
  }

  @Test
  void whatCannotBeReadIsNoFinding() throws Exception {
    Typed text = Typed.run("check", file(FINE.replace("[-0.5,-0.1]", "[\"a\",-1]")));
    assertEquals(2, text.exit());
    assertTrue(text.err().contains("row 1: entry 1 = no number"), text.err());
    assertEquals(2, Typed.run("check", folder.resolve("none.jsonl").toString()).exit());
    Typed cold = Typed.run("check", file(FINE), "--recorded-temperature", "0");
    assertEquals(2, cold.exit());
    assertTrue(cold.err().contains("--recorded-temperature 0"), cold.err());
  }

  @Test
  void columnsAreNamedAsForScore() throws Exception {
    String path = file(FINE.replace("\"log_prob\"", "\"lp\"").replace("-0.5", "0.5"));
    Typed run = Typed.run("check", path, "--columns", "log_prob=lp");
    assertEquals(1, run.exit(), run.err());
    assertTrue(run.out().contains("log_prob is above 0 at 1 token"), run.out());
  }
}
