package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Arrow files as pyarrow writes them (`write.py` beside them): categorical ids, fields of structs,
 * lists in lists, half floats, large lists, unsigned numbers, several batches, both packings, files
 * and streams.
 */
final class ArrowFilesTest {
  @TempDir Path folder = Path.of("");

  private static byte[] bytes(String name) throws IOException {
    try (var in = ArrowFilesTest.class.getResourceAsStream("/arrow/" + name)) {
      return java.util.Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Rollouts read(Path file) {
    return RolloutFile.read(
        file,
        new Reading(
            LinkedHashMap.of("reward", "score.value"),
            List.empty(),
            List.empty(),
            LinkedHashMap.empty(),
            false));
  }

  private String refused(String name, byte[] bytes) throws IOException {
    Path file = file(name, bytes);
    return String.valueOf(
        assertThrows(ProblemException.class, () -> assertEquals(0, read(file).samples().tokens()))
            .getMessage());
  }

  private static void told(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4.feather", "zstd.feather", "batches.arrow", "stream.arrow"})
  void givesWhatTheSameRowsInJsonGive(String name) throws IOException {
    Samples json = read(file("rows.jsonl", bytes("rows.jsonl"))).samples();
    Samples arrow = read(file(name, bytes(name))).samples();
    assertEquals(9, arrow.tokens());
    assertEquals(2, arrow.size(Level.Name.GROUP));
    assertEquals(json.columns(), arrow.columns());
    for (String column : json.columns()) {
      assertArrayEquals(json.column(column).get(), arrow.column(column).get(), column);
    }
    assertEquals(9007199254740991.0, arrow.column("advantage").get()[8]);
    assertArrayEquals(
        new double[] {-0.5, -0.25, -2, -1, -3, -0.125, -1.5, -4, -0.75},
        arrow.column("log_prob").get());
  }

  @Test
  void whatIsCutOffOrSomethingElseIsRefused() throws IOException {
    byte[] whole = bytes("lz4.feather");
    told("does not end as", refused("a.arrow", Arrays.copyOf(whole, 900)));
    told("cut off", refused("b.arrow", Arrays.copyOf(bytes("stream.arrow"), 1100)));
    told("neither as an Arrow file nor", refused("c.arrow", bytes("rows.jsonl")));
    byte[] old = "FEA1 and what not, FEA1".getBytes(StandardCharsets.US_ASCII);
    told("Feather of version 1", refused("d.feather", old));
  }

  /** Bytes turned at random are refused with a reason, or change nothing but a number. */
  @Test
  void damagedBytesAreToldOrRead() throws IOException {
    int refused = 0;
    int tries = Math.max(25, Integer.getInteger("lossmith.cases", 100) / 4);
    for (String name : List.of("lz4.feather", "zstd.feather", "batches.arrow", "stream.arrow")) {
      Random random = new Random(name.hashCode());
      for (int i = 0; i < tries; i++) {
        byte[] damaged = bytes(name);
        for (int turned = random.nextInt(3); turned >= 0; turned--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        try {
          int unused = read(file("x." + name, damaged)).samples().tokens();
        } catch (ProblemException told) {
          refused++;
        }
      }
    }
    assertTrue(refused > tries, refused + " refused");
  }
}
