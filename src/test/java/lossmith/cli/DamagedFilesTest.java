package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdOutputStream;
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
import java.util.regex.Pattern;
import lossmith.rollouts.DeepParquet;
import lossmith.rollouts.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are broken in ways that no program writes: one line says so, in a user's words. */
final class DamagedFilesTest {
  private static final String ROWS =
      """
      {"prompt_id":1,"tokens":[0,1],"reward":1,"log_prob":[-1,-2]}
      {"prompt_id":1,"tokens":[0,1],"reward":0,"log_prob":[-1,-3]}
      """;
  private static final Pattern LINE = Pattern.compile("\\w+: got .*; expected .*; write .*\n");

  @TempDir Path folder = Path.of("");

  private static String refused(String... args) {
    Typed run = Typed.withRecipes(args);
    assertEquals(2, run.exit(), run.err());
    assertEquals("", run.out());
    assertTrue(LINE.matcher(run.err()).matches(), run.err());
    assertFalse(run.err().contains("Exception"), run.err());
    return run.err();
  }

  private String file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }

  private String file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWrongByteOfZstdIsNoticed() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(packed)) {
      out.write(ROWS.getBytes(StandardCharsets.UTF_8));
    }
    // The sixth says how much memory a reader needs, which this one has.
    for (int i = 0; i < packed.size(); i += i == 4 ? 2 : 1) {
      byte[] wrong = packed.toByteArray();
      wrong[i] ^= (byte) 0xFF;
      assertTrue(refused("score", file("r.jsonl.zst", wrong)).contains("r.jsonl.zst"));
    }
    byte[] longer = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() + 9);
    assertTrue(refused("score", file("r.jsonl.zst", longer)).contains("no zstd"));
  }

  /** Ends of the stack of DuckDB, which end the process. */
  @ParameterizedTest
  @ValueSource(ints = {129, 1000, 100_000})
  void aParquetSchemaWithoutEnd(int levels) throws IOException {
    String told = refused("score", file("deep.parquet", DeepParquet.levels(levels)));
    assertTrue(told.contains("nested more than 64 deep"), told);
  }

  @Test
  void aParquetSchemaOfManyLevelsIsRead() throws IOException {
    String told = refused("score", file("deep.parquet", DeepParquet.levels(9)));
    assertTrue(told.contains("0 rows"), told);
  }

  /** DuckDB takes time that doubles with each level. */
  @Test
  @Timeout(60)
  void listsInListsOfParquet() throws Exception {
    for (int depth : new int[] {2, 10, 11, 40}) {
      String row =
          "{\"reward\":1,\"log_prob\":" + "[".repeat(depth) + "-1" + "]".repeat(depth) + "}";
      Path parquet = folder.resolve(depth + ".parquet");
      parquet(file("deep.jsonl", (row + "\n").repeat(2)), parquet);
      if (depth <= 10) {
        Typed run = Typed.withRecipes("score", parquet.toString(), "--recipe", "reinforce");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("has lists in lists"), run.out());
      } else {
        String told = refused("score", parquet.toString());
        assertTrue(told.contains("column log_prob: lists in more than 10 lists"), told);
      }
    }
  }

  private static void parquet(String from, Path to) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      assertFalse(
          statement.execute(
              "COPY (FROM read_json('"
                  + from
                  + "', format = 'newline_delimited', maximum_depth = -1)) TO '"
                  + to
                  + "' (FORMAT parquet)"));
    }
  }

  @Test
  void aCellOfCsvIsAListAndNothingMore() throws IOException {
    String head = "prompt_id,reward,log_prob\n1,1,[-1]\n";
    String more = refused("score", file("r.csv", head + "1,0,\"[-1] [-2]\"\n"));
    assertTrue(more.contains("line 3, log_prob: more behind the list"), more);
    String less = refused("score", file("r.csv", head + "1,0,\"[-1,\"\n"));
    assertTrue(less.contains("line 3, log_prob: "), less);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(4, 2305843009213693952)",
        "(2305843009213693952, 2)",
        "(99999999999999999999, 2)",
        "(4, 999999999999999999)",
        "(0, 2)",
        "(4, 0)"
      })
  void aShapeBeyondAllNumbers(String shape) throws IOException {
    String npy = new String(NpyFile.doubles(new double[4][2]), StandardCharsets.ISO_8859_1);
    String header = npy.substring(10, npy.indexOf('\n') + 1);
    String other = header.replace("(4, 2)", shape);
    byte[] wrong =
        npy.replace(header, other)
            .replace((char) header.length(), (char) other.length())
            .getBytes(StandardCharsets.ISO_8859_1);
    String told = refused("score", file("r.jsonl", ROWS), "--logits", file("l.npy", wrong));
    assertTrue(told.contains("logits: got"), told);
  }

  @Test
  void goldenListsOfAnyShape() throws IOException {
    String wide = "[" + "0,".repeat(70_000) + "0]";
    String text =
        "{\"schema\":1,\"family\":\"f\",\"cases\":[{\"name\":\"n\",\"function\":\"f\",\"config\":{},"
            + "\"inputs\":{\"x\":["
            + wide
            + ",0".repeat(70_000)
            + "]},\"expected\":{\"loss\":1}}]}";
    assertTrue(refused("conform", file("g.json", text)).contains("x: a ragged list"));
    assertTrue(refused("conform", file("h.json", text + "{}")).contains("more behind"));
    assertTrue(refused("conform", file("i.json", " ")).contains("nothing"));
  }

  /** An input of another rank than the function's. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "[]", "[1]", "[[1]]", "[[[1]]]"})
  void goldenInputsOfAnotherRank(String input) throws IOException {
    String text =
        "{\"schema\":1,\"family\":\"f\",\"cases\":[{\"name\":\"n\","
            + "\"function\":\"trl.entropy_from_logits\",\"config\":{},\"inputs\":{"
            + "\"logits\":[[[1,2]]],\"cotangent\":"
            + input
            + "},\"expected\":{\"outputs\":{\"entropy\":[[0.5]]}}}]}";
    Typed run = Typed.withRecipes("conform", file("g.json", text));
    assertEquals(1, run.exit(), run.err());
    assertFalse(run.out().contains("Exception"), run.out());
    assertEquals(!input.equals("[[1]]"), run.out().contains("n: case "), run.out());
  }

  @Test
  void aPatternThatIsNone() {
    String told = refused("score", "--glob", folder.resolve("[").toString());
    assertTrue(told.contains("no pattern"), told);
  }

  @Test
  void numbersThatOverflowAreTold() throws IOException {
    String large = ROWS.replace("\"reward\":1", "\"reward\":1e200");
    Typed run = Typed.withRecipes("score", file("r.jsonl", large), "--recipe", "reinforce");
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        run.out().contains("Beyond what floating point holds: reinforce: |grad|.\n"), run.out());
    String points = "entropy,reward\n709,1e308\n700,-1e308\n1,1e308\n2,1\n";
    assertTrue(refused("fit", file("p.csv", points)).contains("squares can be added up"));
  }
}
