package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPOutputStream;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts as trainers write them: their names, ids, encodings and packings. */
class RolloutFilesTest {
  private static final String TWO =
      """
      {"prompt_id":1,"tokens":[5,6],"reward":1,"log_prob":[-1,-2]}
      {"prompt_id":1,"tokens":[5,6],"reward":0,"log_prob":[-1,-2]}
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

  @Test
  void namesOfTrainersAreRecognisedAndSaid() throws IOException {
    String text =
        TWO.replace("prompt_id", "uid")
            .replace("\"reward\"", "\"step\":7,\"score\"")
            .replace("\"tokens\"", "\"response_ids\"");
    Rollouts rollouts = read(write("v.jsonl", text));
    assertEquals(
        List.of(
            "Read as: uid → prompt_id, response_ids → tokens, score → reward.",
            "Columns not read, because nothing uses them: step."),
        rollouts.notes());
    assertArrayEquals(new double[] {1, 0}, rollouts.samples().column("reward").get());
  }

  @Test
  void aNameThatIsNearlyKnownIsAnError() throws IOException {
    String text = TWO.replace("\"reward\"", "\"old_logprob\":[-1,-2],\"reward\"");
    String told = refused(write("n.jsonl", text));
    assertTrue(told.contains("column old_logprob"), told);
    assertTrue(told.contains("--columns old_log_prob=old_logprob"), told);
    Reading left =
        new Reading(
            LinkedHashMap.empty(),
            List.of("old_logprob"),
            List.empty(),
            LinkedHashMap.empty(),
            false);
    assertEquals(4, RolloutFile.read(folder.resolve("n.jsonl"), left).samples().tokens());
  }

  @Test
  void twoNamesForOneThingAreAnError() throws IOException {
    String text = TWO.replace("\"reward\"", "\"acc\":1,\"score\"");
    String told = refused(write("n.jsonl", text));
    assertTrue(told.contains("score and acc, either of which could be reward"), told);
    assertTrue(told.contains("--columns reward=score"), told);
  }

  @Test
  void rewardsAsTextTruthAndField() throws IOException {
    for (String reward : List.of("true", "\"1.0\"", "\" 1e0\"")) {
      Rollouts rollouts =
          read(write("r.jsonl", TWO.replace("\"reward\":1", "\"reward\":" + reward)));
      assertArrayEquals(new double[] {1, 0}, rollouts.samples().column("reward").get());
    }
    for (String reward : List.of("\"good\"", "\"1f\"", "NaN", "[1]")) {
      String told = refused(write("r.jsonl", TWO.replace("\"reward\":1", "\"reward\":" + reward)));
      assertTrue(told.contains("column reward, row 1: "), told);
    }
    String fields = TWO.replace("\"reward\":1", "\"reward\":{\"score\":1,\"form\":9}");
    Path file =
        write("f.jsonl", fields.replace("\"reward\":0", "\"reward\":{\"score\":0,\"form\":9}"));
    assertTrue(refused(file).contains("--columns reward=reward.score"), refused(file));
    Reading named =
        new Reading(
            LinkedHashMap.of("reward", "reward.score"),
            List.empty(),
            List.empty(),
            LinkedHashMap.empty(),
            false);
    assertArrayEquals(
        new double[] {1, 0}, RolloutFile.read(file, named).samples().column("reward").get());
  }

  @Test
  void listsOfObjectsAndOfTurnsAreOneList() throws IOException {
    String objects =
        "[{\"token\":\"a\",\"logprob\":-1,\"top\":[1,{}]},{\"logprob\":-2,\"token\":\"b\"}]";
    for (String list : List.of(objects, "[[-1],[-2]]", "[[],[-1,-2]]")) {
      Rollouts rollouts = read(write("o.jsonl", TWO.replaceFirst("\\[-1,-2]", list)));
      assertArrayEquals(new double[] {-1, -2, -1, -2}, rollouts.samples().column("log_prob").get());
    }
  }

  /** 2^128 - 1 and 2^128 - 2 are one double; so are 12e3 and 1200e1; 007 is not 7. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "340282366920938463463374607431768211455 340282366920938463463374607431768211454",
        "12e3 1200e1",
        "\"007\" 7",
        "9007199254740993 9007199254740992",
        "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\" 1.5"
      })
  void idsAreTextExactlyAsWritten(String two) throws IOException {
    String[] ids = two.split(" ", -1);
    String first = TWO.replace("\"prompt_id\":1", "\"prompt_id\":" + ids[0]);
    String second = TWO.replace("\"prompt_id\":1", "\"prompt_id\":" + ids[1]);
    assertEquals(2, read(write("i.jsonl", first + second)).samples().size(Level.Name.GROUP));
    String csv =
        "prompt_id,tokens,reward,log_prob\n"
            + (ids[0] + ",\"[5,6]\",1,\"[-1,-2]\"\n").repeat(2)
            + (ids[1] + ",\"[5,6]\",0,\"[-1,-2]\"\n").repeat(2);
    assertEquals(2, read(write("i.csv", csv)).samples().size(Level.Name.GROUP));
  }

  @Test
  void aPathIsAPath() throws IOException {
    Path other = write("r1.jsonl", "not read");
    assertTrue(Files.exists(other));
    Path brackets = write("r[1].jsonl", TWO);
    assertEquals(4, read(brackets).samples().tokens());
    Path star = write("r*.parquet", "");
    parquet(brackets, star);
    parquet(brackets, folder.resolve("rest.parquet"));
    assertEquals(4, read(star).samples().tokens());
    Path hive = Files.createDirectory(folder.resolve("step=120")).resolve("r.jsonl");
    Path partition = Files.writeString(hive, TWO.replace("\"reward\"", "\"other\""));
    assertFalse(read(partition).samples().columns().contains("step"));
    Path rewards = Files.createDirectory(folder.resolve("reward=0")).resolve("r.parquet");
    parquet(partition, rewards);
    assertFalse(read(rewards).samples().columns().contains("reward"));
  }

  private static void parquet(Path from, Path to) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      String path = from.toString().replace("[", "[[]");
      assertFalse(
          statement.execute(
              "COPY (FROM read_json('" + path + "')) TO '" + to + "' (FORMAT parquet)"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void encodingsAndPackings() throws IOException {
    byte[] plain = TWO.getBytes(StandardCharsets.UTF_8);
    byte[] broken =
        TWO.replace("\"reward\"", "\"response\":\"@\",\"reward\"").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < broken.length; i++) {
      broken[i] = broken[i] == '@' ? (byte) 0xFF : broken[i];
    }
    byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(mark);
    marked.write(plain);
    ByteArrayOutputStream zst = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(zst)) {
      out.write(plain);
    }
    ByteArrayOutputStream gz = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gz)) {
      out.write(plain);
    }
    LinkedHashMap<String, byte[]> files =
        LinkedHashMap.of("a.jsonl", marked.toByteArray())
            .put("b.jsonl", broken)
            .put("c.jsonl.zst", zst.toByteArray())
            .put("d.jsonl.gz", gz.toByteArray())
            .put(
                "e.json",
                ("[" + TWO.strip().replace("}\n{", "},{") + "]").getBytes(StandardCharsets.UTF_8))
            .put("f.jsonl", TWO.getBytes(StandardCharsets.UTF_16))
            .put(
                "g.jsonl",
                TWO.replace("\"reward\"", "\"response\":\"\\ud83d\",\"reward\"")
                    .getBytes(StandardCharsets.UTF_8));
    for (var file : files) {
      Path path = Files.write(folder.resolve(file._1), file._2);
      assertEquals(4, read(path).samples().tokens(), file._1);
    }
  }

  @Test
  void rowsOfAnyLength() throws IOException {
    int tokens = 300_000;
    String ids = "1,".repeat(tokens - 1) + "1";
    String log = "-0.5,".repeat(tokens - 1) + "-0.5";
    String row =
        "{\"prompt_id\":1,\"tokens\":[" + ids + "],\"log_prob\":[" + log + "],\"reward\":1}\n";
    assertEquals(2 * tokens, read(write("l.jsonl", row + row)).samples().tokens());
    String cells = "1,\"[" + ids + "]\",\"[" + log + "]\",1\n";
    assertEquals(
        2 * tokens,
        read(write("l.csv", "prompt_id,tokens,log_prob,reward\n" + cells + cells))
            .samples()
            .tokens());
  }

  @Test
  void whatIsNotWholeIsToldWithItsLine() throws IOException {
    assertTrue(refused(write("c.jsonl", TWO + TWO.substring(0, 20))).contains("line 3"), "cut off");
    assertTrue(refused(write("c.jsonl", TWO + "7\n")).contains("line 3"), "a number for a row");
    assertTrue(refused(write("c.json", "[" + TWO)).contains("line "), "a list without an end");
    assertTrue(refused(write("c.csv", "a,b\n1,\"2\n")).contains("c.csv"), "an open quotation");
    String deep = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertTrue(refused(write("d.jsonl", deep)).contains("nested more than"), "deep");
    String twice = TWO.replaceFirst("\"reward\":1", "\"reward\":1,\"reward\":2");
    assertTrue(refused(write("t.jsonl", twice)).contains("row 1: written twice"), "twice");
  }

  @Test
  void listsThatAreLongerInEveryRow() throws IOException {
    String told = refused(write("l.jsonl", TWO.replace("[-1,-2]", "[-1,-2,-3]")));
    assertTrue(told.contains("3 entries for 2 tokens, 1 more in every row"), told);
  }

  @Test
  void responsesWithoutPrompts() throws IOException {
    String alone = TWO.replace("\"prompt_id\":1,", "");
    Path file = write("g.jsonl", alone);
    assertEquals(0, Typed.withRecipes("score", file.toString(), "--recipe", "reinforce").exit());
    Typed run = Typed.withRecipes("score", file.toString(), "--recipe", "grpo");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("the file has no prompt_id"), run.err());
    Path different = write("d.jsonl", TWO.replaceFirst("\"prompt_id\":1", "\"prompt_id\":2"));
    Typed ids = Typed.withRecipes("score", different.toString(), "--recipe", "grpo");
    assertEquals(2, ids.exit());
    assertTrue(ids.err().contains("prompt_id differs in all 2 rows"), ids.err());
    Typed all = Typed.withRecipes("score", different.toString());
    assertEquals(0, all.exit(), all.err());
  }

  @Test
  void promptsWithFewerResponses() throws IOException {
    String third = "{\"prompt_id\":2,\"tokens\":[5],\"reward\":0,\"log_prob\":[-1]}\n";
    Path file = write("p.jsonl", third + TWO);
    Rollouts rollouts = read(file);
    assertTrue(
        rollouts.notes().mkString().contains("1 of 2 prompts has one response"),
        rollouts.notes()::toString);
    Reading complete =
        new Reading(LinkedHashMap.empty(), List.empty(), List.empty(), LinkedHashMap.empty(), true);
    Rollouts left = RolloutFile.read(file, complete);
    assertEquals(4, left.samples().tokens());
    assertArrayEquals(new long[] {1, 2}, left.samples().sequenceIds());
  }

  @Test
  void columnsOfAnOwnLoss() throws IOException {
    String own = TWO.replace("\"reward\"", "\"teacher_log_prob\":[-3,-4],\"bonus\":0.5,\"reward\"");
    Typed run =
        Typed.withRecipes(
            "score",
            write("o.jsonl", own).toString(),
            "--recipe",
            "maximise(logProb().minus(given(\"teacher_log_prob\", Axis.TOKEN)).mean(ALL_TOKENS))");
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("-2"), run.out());
  }
}
