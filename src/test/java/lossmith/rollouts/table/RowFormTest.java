package lossmith.rollouts.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of text files as texts of their own. */
class RowFormTest {
  private static RowForm form(Path file) throws IOException {
    return RowForm.of(List.of(file)).get();
  }

  @Test
  void objectsKeepTheirNumbersAsTheyAreWritten(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("r.json"),
            "[{\"id\": 12e3,\n \"x\": [1.50, NaN, null, true]}, {\"id\": 1200e1, \"y\": {\"z\": \"\\\"\"}}]");
    RowForm form = form(file);
    List<String> rows = List.ofAll(() -> rows(form, file));
    assertEquals(
        List.of(
            "{\"id\":12e3,\"x\":[1.50,NaN,null,true]}", "{\"id\":1200e1,\"y\":{\"z\":\"\\\"\"}}"),
        rows);
    assertEquals("12e3", form.text(rows.head(), "id"));
    assertEquals("\"", form.text(rows.last(), "y.z"));
    assertEquals("", form.text(rows.head(), "y"));
    assertEquals(List.of("id", "y", "y.z"), form.names(rows.last()));
  }

  private static java.util.Iterator<String> rows(RowForm form, Path file) {
    try {
      return form.rows(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRowHasItsNumberFirst(@TempDir Path folder) throws IOException {
    RowForm json = form(folder.resolve("r.jsonl"));
    assertEquals("{\"lossmith_row\":7,\"a\":{}}", json.numbered("{ \"a\":{}}", 7));
    assertEquals("{\"lossmith_row\":0}", json.numbered("{ }", 0));
    Path file =
        Files.writeString(folder.resolve("r.csv"), "id,text\n007,\"two\nlines, \"\"so\"\"\"\n");
    RowForm csv = form(file);
    String row = rows(csv, file).next();
    assertEquals("\"007\",\"two\nlines, \"\"so\"\"\"", row);
    assertEquals("007", csv.text(row, "id"));
    assertEquals("two\nlines, \"so\"", csv.text(row, "text"));
    assertEquals(
        "lossmith_row,\"id\",\"text\"\n3," + row, csv.head() + "\n" + csv.numbered(row, 3));
  }

  @Test
  void whatIsNoRow(@TempDir Path folder) throws IOException {
    RowForm json = form(folder.resolve("r.jsonl"));
    for (String row : List.of("{\"a\":1", "[1]", "{} {}", "17")) {
      assertThrows(IOException.class, () -> assertEquals(List.empty(), json.names(row)), row);
    }
    assertTrue(RowForm.of(List.of(Path.of("a.csv"), Path.of("b.json"))).isEmpty());
    assertTrue(RowForm.of(List.of(Path.of("a.parquet"))).isEmpty());
  }
}
