package lossmith.lab.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.LinkedHashMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class EventFileTest {
  /** The records of a file: length, checksum of it, an event, checksum of that. */
  private static List<String> scalars(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().contains("tfevents")).toList()) {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        while (all.remaining() > 12) {
          int length = (int) all.getLong();
          int start = all.position() + Integer.BYTES;
          Event event = Event.parseFrom(all.slice(start, length));
          all = all.position(start + length + Integer.BYTES);
          for (Summary.Value value : event.getSummary().getValueList()) {
            found.add(event.getStep() + " " + value.getTag() + " " + value.getSimpleValue());
          }
        }
      }
    }
    return found;
  }

  @Test
  void whatIsKeptIsWrittenAgainAndNothingElseOfBefore(@TempDir Path folder) throws IOException {
    Path lines = folder.resolve("metrics.jsonl");
    try (JsonLines rows = new JsonLines(lines, -1);
        EventFile events = new EventFile(folder, lines)) {
      for (long step = 0; step < 3; step++) {
        rows.row(step, LinkedHashMap.of("a/b", 0.5 + step));
        events.row(step, LinkedHashMap.of("a/b", 0.5 + step));
      }
    }
    assertEquals(List.of("0 a/b 0.5", "1 a/b 1.5", "2 a/b 2.5"), scalars(folder));
    try (JsonLines rows = new JsonLines(lines, 1);
        EventFile events = new EventFile(folder, lines)) {
      rows.row(2, LinkedHashMap.of("a/b", 7.5));
      events.row(2, LinkedHashMap.of("a/b", 7.5));
    }
    assertEquals(List.of("0 a/b 0.5", "1 a/b 1.5", "2 a/b 7.5"), scalars(folder));
    assertEquals(3, Files.readAllLines(lines).size());
  }

  @Test
  void aLineThatIsCutOffIsRemoved(@TempDir Path folder) throws IOException {
    Path lines =
        Files.writeString(
            folder.resolve("metrics.jsonl"),
            "{\"step\":1,\"a\":1.0}\n{\"step\":2,\"a\":2.0}\n{\"step\":3,\"a\":3.0}\n{\"step\":2,");
    try (JsonLines rows = new JsonLines(lines, 2)) {
      rows.row(3, LinkedHashMap.of("a", 4.0, "b", Double.NaN));
    }
    assertEquals(
        List.of("{\"step\":1,\"a\":1.0}", "{\"step\":2,\"a\":2.0}", "{\"step\":3,\"a\":4.0}"),
        Files.readAllLines(lines));
  }
}
