package lossmith.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.rollouts.table.RowForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a file is cut, each of its rows is in one slice. */
class SliceTest {
  private static final List<String> ROWS =
      List.of("{\"a\":1}", "{\"a\":\"ü€\"}", "{\"b\":[1,\t2]}", "{}");

  @Test
  void slicesHaveEachRowOnce(@TempDir Path folder) throws IOException {
    String text = "\uFEFF" + ROWS.get(0) + "\r\n\n \n" + ROWS.get(1) + "\n" + ROWS.get(2) + "\n";
    for (String end : List.of("", "\n", "\n\n")) {
      Path file = Files.writeString(folder.resolve("r.jsonl"), text + ROWS.get(3) + end);
      RowForm form = RowForm.of(List.of(file)).get();
      int size = (text + ROWS.get(3) + end).getBytes(StandardCharsets.UTF_8).length;
      for (int length = 1; length <= size; length = 1 + length * 5 / 4) {
        List<String> found = List.empty();
        for (int from = 0; from < size; from += length) {
          Slice slice = new Slice(file.toString(), from, Math.min(size, from + length));
          try (Slice.Rows rows = slice.open(form)) {
            found = found.appendAll(List.ofAll(() -> rows));
          }
        }
        assertEquals(ROWS, found, "slices of " + length + " bytes");
      }
    }
  }
}
