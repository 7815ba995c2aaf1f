package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokens with the largest |dL/dlog π|, and what they are as text. */
class TopTokensTest {
  /**
   * Four tokens: A = 1/2 and −1/2, r = 1, 0.9, 1.1, 1, inside of the clip, so dL/dlog π = −rA/4.
   */
  private static final String ROWS =
      """
      {"prompt_id":"a","tokens":[5,6],"mask":[1,1],"reward":1,"log_prob":[-1,-1],"old_log_prob":[-1,%s]}
      {"prompt_id":"a","tokens":[7,5,6],"mask":[1,0,1],"reward":0,"log_prob":[-1,9,-1],"old_log_prob":[%s,9,-1]}
      """
          .formatted(-1 - Math.log(0.9), -1 - Math.log(1.1))
          .replace("\"mask\"", "\"response_mask\"");

  private static Path rows(Path folder, String text) throws Exception {
    return Files.writeString(folder.resolve("r.jsonl"), text);
  }

  private static List<String> table(Typed run) {
    assertEquals(0, run.exit(), run.err());
    return run.out()
        .lines()
        .dropWhile(line -> !line.startsWith("Where clipped pulls hardest"))
        .skip(1)
        .map(line -> line.strip().replaceAll(" {2,}", "|"))
        .toList();
  }

  @Test
  void theHardestPullComesFirstAndMaskedTokensNever(@TempDir Path folder) throws Exception {
    Typed run = Typed.run("score", rows(folder, ROWS).toString(), "--top-tokens", "3");
    assertEquals(
        List.of(
            "token|row|entry|dL/dlog pi|ratio|advantage",
            "id 7|2|1|0.13750|-|-",
            "id 5|1|1|-0.12500|-|-",
            "id 6|2|3|0.12500|-|-"),
        table(run).stream().map(line -> line.replaceAll("\\|[0-9.]+\\|-$", "|-|-")).toList());
  }

  @Test
  void textComesFromTheFileOrAVocabulary(@TempDir Path folder) throws Exception {
    Path vocabulary =
        Files.writeString(folder.resolve("v.json"), "{\"<eos>\": 6, \" five\": 5, \"seven\": 7}");
    String[] with = {"--top-tokens", "3", "--vocabulary", vocabulary.toString()};
    Typed named =
        Typed.run("score", rows(folder, ROWS).toString(), with[0], with[1], with[2], with[3]);
    assertEquals(
        List.of("\"seven\"", "\" five\"", "\"<eos>\" after \"seven five\""), firsts(named));
    String texts =
        ROWS.replaceFirst("\"mask\"", "")
            .replace("\"reward\":0", "\"reward\":0,\"token_text\":[\"x\",\"y\\n\",\"z\"]");
    Typed written =
        Typed.run("score", rows(folder, texts).toString(), with[0], with[1], with[2], with[3]);
    assertEquals(List.of("\"x\"", "\" five\"", "\"z\" after \"xy\\n\""), firsts(written));
    String whole = ROWS.replace("\"reward\"", "\"response\":\"0123456789\",\"reward\"");
    Typed about = Typed.run("score", rows(folder, whole).toString(), with[0], with[1]);
    assertTrue(firsts(about).get(0).startsWith("about \"0123"), about.out());
  }

  private static List<String> firsts(Typed run) {
    return table(run).stream().skip(1).map(line -> line.substring(0, line.indexOf("|"))).toList();
  }

  @Test
  void theTokenFileHasIdsAndTexts(@TempDir Path folder) throws Exception {
    Path vocabulary = Files.writeString(folder.resolve("v.txt"), "0\n1\n2\n3\n4\nfive\n");
    Path tokens = folder.resolve("t.parquet");
    Typed run =
        Typed.run(
            "score",
            rows(folder, ROWS).toString(),
            "--tokens",
            tokens.toString(),
            "--vocabulary",
            vocabulary.toString());
    assertEquals(0, run.exit(), run.err());
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "SELECT string_agg(token || coalesce(text, '-'), ' ' ORDER BY sequence, position)"
                    + " FROM read_parquet('"
                    + tokens
                    + "')")) {
      assertTrue(found.next());
      assertEquals("5five 6- 7- 6-", found.getString(1));
    }
  }

  @Test
  void badInputIsToldBeforeAnythingIsRead(@TempDir Path folder) throws Exception {
    String file = rows(folder, ROWS).toString();
    Typed negative = Typed.run("score", file, "--top-tokens", "-1");
    assertEquals(2, negative.exit());
    assertTrue(negative.err().contains("--top-tokens 10"), negative.err());
    Typed absent =
        Typed.run("score", file, "--top-tokens", "1", "--vocabulary", folder + "/none.json");
    assertEquals(2, absent.exit());
    assertTrue(absent.err().contains("none.json"), absent.err());
    assertFalse(absent.err().contains("Exception"), absent.err());
  }
}
