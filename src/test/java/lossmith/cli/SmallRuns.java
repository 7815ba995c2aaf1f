package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Training runs that take milliseconds a step, and what they leave. */
final class SmallRuns {
  private SmallRuns() {}

  /** Options of a network and of batches that take milliseconds; the last of a name counts. */
  static List<String> small(Path folder, String out, String... more) {
    Map<String, String> options = new LinkedHashMap<>();
    String usual =
        "--task two-ways --layers 1 --width 16 --heads 2 --warm-steps 80 --prompts 4 --group 4"
            + " --minibatches 2 --held-out 4 --samples 4 --k 2 --evaluate-every 4"
            + " --checkpoint-every 3";
    List<String> all = new ArrayList<>(List.of(usual.split(" ")));
    all.addAll(List.of("--cache", "" + folder.resolve("cache"), "--out", "" + folder.resolve(out)));
    all.addAll(List.of(more));
    for (int i = 0; i < all.size(); i += 2) {
      String unused = options.put(all.get(i), all.get(i + 1));
    }
    List<String> typed = new ArrayList<>(List.of("train"));
    options.forEach((name, value) -> typed.addAll(List.of(name, value)));
    typed.add("--no-report");
    return typed;
  }

  static Typed train(Path folder, String out, String... more) {
    return Typed.withRecipes(small(folder, out, more).toArray(String[]::new));
  }

  static JsonNode at(SortedMap<Long, JsonNode> rows, long step) {
    return Objects.requireNonNull(rows.get(step));
  }

  /** The rows without what tells the time. */
  static SortedMap<Long, JsonNode> rows(Path folder) throws IOException {
    SortedMap<Long, JsonNode> rows = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      JsonNode row = new ObjectMapper().readTree(line);
      List<String> names = new ArrayList<>();
      row.fieldNames().forEachRemaining(names::add);
      names.removeIf(name -> !name.startsWith("timing_s/") && !name.startsWith("perf/"));
      JsonNode before =
          rows.put(
              row.get("step").asLong(),
              ((com.fasterxml.jackson.databind.node.ObjectNode) row).remove(names));
      assertEquals(null, before, line);
    }
    return rows;
  }

  /** A row for each token, in the order of the lists that responses have. */
  static void assertTokensAreThoseOf(String rollouts, Path tokens) throws Exception {
    String ofLists =
        "SELECT sum(len(tokens)), sum(list_sum(old_log_prob)), sum(list_sum(entropy)),"
            + " sum(list_sum(list_transform(old_log_prob, (x, i) -> (i - 1) * x))), sum(reward)";
    String ofRows =
        "SELECT count(*), sum(old_log_prob), sum(entropy), sum(position * old_log_prob),"
            + " sum(CASE WHEN position = 0 THEN reward END)";
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet lists = statement.executeQuery(ofLists + " FROM '" + rollouts + "'");
        Statement other = database.createStatement();
        ResultSet rows = other.executeQuery(ofRows + " FROM '" + tokens + "'")) {
      assertTrue(lists.next() && rows.next());
      assertTrue(lists.getDouble(1) > 0);
      for (int column = 1; column <= 5; column++) {
        assertEquals(lists.getDouble(column), rows.getDouble(column), 1e-9, "column " + column);
      }
    }
  }
}
