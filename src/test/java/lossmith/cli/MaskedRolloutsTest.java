package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in which only some tokens are the policy's. */
class MaskedRolloutsTest {
  /** Two responses to one prompt, in the first two tokens that a tool wrote. */
  private static final String MASKED =
      """
      {"prompt_id":1,"tokens":[1,2,3,4,5],"reward":1,"log_prob":[-1,-1.2,-0.3,-0.5,-0.9],\
      "old_log_prob":[-1.1,-1,0,0,-1],"response_mask":[1,1,0,0,1]}
      {"prompt_id":1,"tokens":[1],"reward":0,"log_prob":[-1],"old_log_prob":[-1],\
      "response_mask":[1]}
      """;

  @TempDir Path folder = Path.of("");

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Rollouts read(Path file) {
    return RolloutFile.read(file, Reading.plain());
  }

  private static String refused(Path file) {
    return String.valueOf(
        assertThrows(ProblemException.class, () -> assertEquals(0, read(file).slots().length))
            .getMessage());
  }

  /** The mean of r·A over the tokens of the policy, A = ±1, no ratio beyond a bound. */
  @Test
  void tokensThatAreNotThePolicysCountNowhere() throws IOException {
    double first = Math.exp(0.1);
    double second = Math.exp(-0.2);
    double third = Math.exp(0.1);
    double byHand = -(first + second + third - 1) / 4;
    for (String text :
        List.of(
            MASKED,
            MASKED.replace("-0.3,", "-1e10,"),
            MASKED.replace("-0.3,-0.5", "null,NaN"),
            MASKED.replace("[1,2,3,4,5]", "[1,2,-100,4,5]"),
            MASKED.replace("response_mask", "loss_mask"))) {
      Typed run =
          Typed.withRecipes(
              "score",
              write("m.jsonl", text).toString(),
              "--recipe",
              "dapo",
              "--json",
              folder.resolve("s.json").toString());
      assertEquals(0, run.exit(), run.err());
      assertTrue(run.out().contains("2 of 6 tokens are not the policy's"), run.out());
      var json = new ObjectMapper().readTree(folder.resolve("s.json").toFile());
      assertEquals(byHand, json.get("scores").get(0).get("loss").asDouble(), 1e-15);
    }
  }

  @Test
  void tokensOfTheOutputStandWhereTheyStoodInTheFile() throws IOException {
    assertArrayEquals(new int[] {0, 1, 4, 0}, read(write("m.jsonl", MASKED)).slots());
  }

  @Test
  void whatIsNoMask() throws IOException {
    String half = refused(write("m.jsonl", MASKED.replace("[1,1,0,0,1]", "[1,0.5,0,0,null]")));
    assertTrue(half.contains("response_mask, row 1: entry 2 = 0.5"), half);
    String none =
        refused(
            write(
                "m.jsonl", MASKED.replace("[1,1,0,0,1]", "[0,0,0,0,0]").replace(":[1]}", ":[0]}")));
    assertTrue(none.contains("0 for every token"), none);
    String alive = refused(write("m.jsonl", MASKED.replace("-1.2,", "null,")));
    assertTrue(alive.contains("log_prob, row 1: entry 2 = null"), alive);
  }

  @Test
  void aResponseWithoutATokenKeepsItsRewardInItsGroup() throws IOException {
    Rollouts rollouts = read(write("e.jsonl", MASKED.replace(":[1]}", ":[0]}")));
    assertEquals(2, rollouts.samples().size(Level.Name.SEQUENCE));
    assertEquals(3, rollouts.samples().tokens());
    assertTrue(
        rollouts.notes().mkString().contains("1 response has no token"),
        rollouts.notes()::toString);
  }
}
