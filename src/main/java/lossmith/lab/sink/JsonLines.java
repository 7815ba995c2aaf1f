package lossmith.lab.sink;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import lossmith.console.Output;

/**
 * A line of JSON for each step, {@code {"step": 1, "actor/entropy": 0.4, …}}, written at once. What
 * is no number is left out.
 */
public final class JsonLines implements MetricSink {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The name of the step. */
  static final String STEP = "step";

  private final Writer out;

  /**
   * Goes on with a file.
   *
   * @param file the file; lines of later steps and a line that is cut off are removed
   * @param last the last step that is kept; -1 for none
   */
  public JsonLines(Path file, long last) throws IOException {
    Seq<String> kept =
        Files.exists(file)
            ? List.ofAll(Files.readAllLines(file)).filter(line -> isKept(line, last))
            : List.empty();
    Output.write(
        file,
        temporary -> {
          Path unused = Files.write(temporary, kept);
        });
    this.out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  private static boolean isKept(String line, long last) {
    try {
      JsonNode row = MAPPER.readTree(line);
      return row.has(STEP) && row.get(STEP).asLong() <= last;
    } catch (JacksonException cut) {
      return false;
    }
  }

  @Override
  public void row(long step, Map<String, Double> numbers) throws IOException {
    LinkedHashMap<String, Object> row = new LinkedHashMap<>();
    row.put(STEP, step);
    numbers.filterValues(Double::isFinite).forEach(row::put);
    out.write(MAPPER.writeValueAsString(row) + "\n");
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
