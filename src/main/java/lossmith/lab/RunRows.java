package lossmith.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The numbers of a run as they were written down, a line of JSON for each step. */
public final class RunRows {
  private RunRows() {}

  /**
   * {@return the numbers of each step by name, the number of the step among them}
   *
   * @param lines the file
   */
  public static Seq<Map<String, Double>> read(Path lines) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Seq<Map<String, Double>> rows = Vector.empty();
    for (String line : Files.readAllLines(lines)) {
      JsonNode row = mapper.readTree(line);
      Map<String, Double> numbers = LinkedHashMap.empty();
      for (var field : List.ofAll(row.properties())) {
        numbers = numbers.put(field.getKey(), field.getValue().asDouble());
      }
      rows = rows.append(numbers);
    }
    return rows;
  }
}
