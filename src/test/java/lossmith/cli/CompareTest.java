package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareTest {
  /** A = 1 and −1; the second token has r = 2, beyond the clip, the others r = 1. */
  private static final String ROWS =
      """
      {"prompt_id":"a","prompt":"2+2=","tokens":[5,6],"token_text":["fo","ur"],"reward":1,"log_prob":[-1,-1],"old_log_prob":[-1,%s],"entropy":[0.5,1]}
      {"prompt_id":"a","prompt":"2+2=","tokens":[7],"token_text":["</script>"],"reward":0,"log_prob":[-1],"old_log_prob":[-1],"entropy":[0.1]}
      """
          .formatted(-1 - Math.log(2));

  private static String rows(Path folder) throws Exception {
    return Files.writeString(folder.resolve("r.jsonl"), ROWS).toString();
  }

  /** GRPO holds the clipped token still; CISPO weighs it by the bound, a quarter of the mean. */
  @Test
  void whereTwoDifferAndWhatMakesThemIsSaid(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("c.html");
    Typed run =
        Typed.withRecipes("compare", "grpo", "cispo", rows(folder), "--report", page.toString());
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("grpo and cispo differ at 1 of 3 tokens."), run.out());
    assertTrue(run.out().contains("100% of the difference by change 1, the term of a token"));
    double high =
        Recipes.all()
            .find(r -> r.name().equals("cispo"))
            .get()
            .loss(Conventions.paper())
            .parameters()
            .find(p -> p.name().equals("clip_high"))
            .get()
            .range()
            .initial();
    String weight = String.format(Locale.ROOT, "%.5f", -0.25 * Math.min(2, 1 + high));
    assertTrue(
        run.out()
            .replaceAll(" {2,}", "|")
            .contains("\"ur\" after \"fo\"|1|2|0|" + weight + "|the term of a token (100%)"),
        run.out());
    String html = Files.readString(page);
    assertTrue(html.contains("\"minus\":1") && html.contains("grpo, change 1"));
    assertFalse(html.contains("\"</script>\""), "a token ends the script");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "grpo grpo; one objective",
        "grpo dap; did you mean dapo",
        "grpo dapo --top-tokens 0; --top-tokens 0",
        "grpo dapo --set clip=1; clip_high",
        "grpo dapo --report r.jsonl; r.jsonl",
      })
  void whatCannotBeComparedIsSaid(String typed, String said, @TempDir Path folder)
      throws Exception {
    String rows = rows(folder);
    String[] words = typed.replace("r.jsonl", rows).split(" ", -1);
    String[] all = new String[words.length + 2];
    all[0] = "compare";
    System.arraycopy(words, 0, all, 1, 2);
    all[3] = rows;
    System.arraycopy(words, 2, all, 4, words.length - 2);
    Typed run = Typed.withRecipes(all);
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains(said), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  @Test
  void thePageAboutTheSampleSaysSo(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("s.html");
    Typed run = Typed.withRecipes("score", "--recipe", "grpo", "--report", page.toString());
    assertEquals(0, run.exit(), run.err());
    String html = Files.readString(page);
    assertTrue(html.contains("<title>Scores of the sample</title>"), "title");
    assertTrue(html.contains("<h1>Scores of the sample</h1>"), "heading");
  }

  @Test
  void scoresAreAPageToo(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("s.html");
    Typed run =
        Typed.withRecipes(
            "score", rows(folder), "--recipe", "grpo,dapo", "--report", page.toString());
    assertEquals(0, run.exit(), run.err());
    String html = Files.readString(page);
    assertTrue(html.contains("<title>Scores of r.jsonl</title>"), "title");
    assertTrue(html.contains("All 2 responses."), "nothing is left out");
    assertTrue(html.contains("\"t\":[\"fo\",\"ur\"]"), "tokens as text");
    assertTrue(html.contains("\"prompt\":\"2+2=\""), "the prompt");
    // By hand: −(1/2)(1/2) of the first token, none of the clipped one.
    assertTrue(html.contains("\"w\":[-0.25,0]"), "dL/dlog π");
    assertTrue(html.contains("\"b\":\"ia\""), "beyond the upper bound");
  }

  @Test
  void tokensWithoutTextsAreTheirPlacesUnderTheTextOfTheResponse(@TempDir Path folder)
      throws Exception {
    Path page = folder.resolve("s.html");
    String row =
        """
        {"prompt_id":1,"reward":1,"log_prob":[-1,-2],"response_mask":[0,1],"response":"all of it"}
        {"prompt_id":1,"reward":0,"log_prob":[-1],"response_mask":[1],"response":"none"}
        """;
    Path file = Files.writeString(folder.resolve("r.jsonl"), row);
    Typed run =
        Typed.withRecipes(
            "score", file.toString(), "--recipe", "grpo", "--report", page.toString());
    assertEquals(0, run.exit(), run.err());
    String html = Files.readString(page);
    assertTrue(html.contains("\"text\":\"all of it\",\"reward\":1,\"t\":[\"2 \"]"), html);
    assertTrue(html.contains("Tokens without a text are shown by id (#) or by place"), "said");
  }
}
